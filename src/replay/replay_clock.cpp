#include "replay/replay_clock.hpp"

#include "base/error.hpp"

namespace quotesweep {
namespace {

constexpr std::int64_t hour = 3'600'000'000'000, day = 24 * hour;  // [ns]
constexpr std::size_t enough = 20;  // intervals for an automatic clock

std::vector<std::size_t> every(const Tape& tape, std::size_t bars) {
  std::vector<std::size_t> ends;
  for (std::size_t bar = bars - 1; bar + 1 < tape.size(); bar += bars) ends.push_back(bar);
  ends.push_back(tape.size() - 1);
  return ends;
}

/// When the day or hour ends that a time lies in [ns].
std::int64_t end_of_unit(std::int64_t time, std::int64_t unit) {
  const std::int64_t into = time % unit;
  return time - into + (into < 0 ? 0 : unit);
}

/// Last bars of the calendar's days or hours (UTC).
std::vector<std::size_t> calendar(const Tape& tape, std::int64_t unit) {
  std::vector<std::size_t> ends;
  std::int64_t end = end_of_unit(tape.time[0], unit);
  for (std::size_t bar = 0; bar + 1 < tape.size(); ++bar) {
    if (tape.time[bar + 1] < end) continue;
    ends.push_back(bar);
    end = end_of_unit(tape.time[bar + 1], unit);
  }
  ends.push_back(tape.size() - 1);
  return ends;
}

std::vector<std::size_t> automatic(const Tape& tape) {
  for (const auto unit : {day, hour})
    if (auto ends = calendar(tape, unit); ends.size() >= enough) return ends;
  return every(tape, 1);
}

}  // namespace

std::vector<ReplayWindow> replay_windows(const ReplayClock& clock, std::size_t count) {
  const std::size_t n = clock.ends.size();
  if (n < 2 * count)
    throw Error(
        "metrics.windows = {} (must be at most {}: two of the tape's {} clock intervals each)",
        count, n / 2, n);
  std::vector<ReplayWindow> windows;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t first = i * n / count;
    windows.push_back({.first_bar = first == 0 ? 0 : clock.ends[first - 1] + 1,
                       .first_interval = first,
                       .intervals = (i + 1) * n / count - first});
  }
  return windows;
}

ReplayClock replay_clock(const Tape& tape, std::size_t bars) {
  ReplayClock clock{.ends = bars > 0 ? every(tape, bars) : automatic(tape)};
  if (clock.ends.size() < 2 || clock.ends.size() > most_intervals)
    throw Error(
        "metrics.clock: the tape's {} bars make {} intervals (must be from 2 to {}); choose the "
        "clock in bars",
        tape.size(), clock.ends.size(), most_intervals);
  clock.intervals_per_year = tape.bars_per_year * static_cast<double>(clock.ends.size()) /
                             static_cast<double>(tape.size());
  return clock;
}

}  // namespace quotesweep
