#pragma once

#include <cstddef>
#include <vector>

#include "tape/tape.hpp"

namespace quotesweep {

/// Intervals of a tape over which returns are measured.
struct ReplayClock {
  std::vector<std::size_t> ends;    // last bar of each interval, ascending; the last is the tape's
  double intervals_per_year = 0.0;  // by the tape's own clock
};

/// The largest number of intervals; finer clocks cost more memory than they tell.
inline constexpr std::size_t most_intervals = 20'000;

/// A run of clock intervals.
struct ReplayWindow {
  std::size_t first_bar = 0, first_interval = 0, intervals = 0;
};

/// The clock's intervals in `count` windows of equal length, but for one interval. Throws Error
/// where there are fewer than two intervals a window.
std::vector<ReplayWindow> replay_windows(const ReplayClock& clock, std::size_t count);

/// Intervals of `bars` bars; 0 is a calendar day (UTC), an hour where the tape has fewer than 20
/// days with bars, a bar where it has fewer than 20 hours. Throws Error where there would be fewer
/// than two, or more than `most_intervals`.
ReplayClock replay_clock(const Tape& tape, std::size_t bars);

}  // namespace quotesweep
