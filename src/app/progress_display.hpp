#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "experiment/study.hpp"

namespace quotesweep {

/// Shows on stderr how far a sweep is: a bar where that is a terminal, otherwise a line every ten
/// seconds.
class ProgressDisplay {
 public:
  /// Of the whole work a share `before` was done already; `crew` describes ranks and threads.
  ProgressDisplay(Work work, std::string crew, double before = 0.0);

  /// `share` of the work is done.
  void update(double share);

  /// Removes the bar, until the next update.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  Work work_;
  double before_;
  std::string crew_;
  bool terminal_;
  Clock::time_point start_ = Clock::now(), shown_ = start_;
};

/// Seconds as "8.1 s" or "1:02:03".
std::string duration_text(double seconds);

}  // namespace quotesweep
