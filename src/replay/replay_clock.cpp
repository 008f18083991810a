#include "replay/replay_clock.hpp"

#include "base/error.hpp"

namespace quotesweep {
namespace {

constexpr double day_seconds = 86400.0;
constexpr std::int64_t day_nanoseconds = 86'400'000'000'000;

bool ends_interval(const Tape& tape, std::size_t bar, std::size_t bars) {
  if (bars > 0) return (bar + 1) % bars == 0;
  if (tape.bar_seconds >= day_seconds) return true;
  return tape.time[bar] / day_nanoseconds != tape.time[bar + 1] / day_nanoseconds;
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
  ReplayClock clock;
  for (std::size_t bar = 0; bar + 1 < tape.size(); ++bar)
    if (ends_interval(tape, bar, bars)) clock.ends.push_back(bar);
  clock.ends.push_back(tape.size() - 1);
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
