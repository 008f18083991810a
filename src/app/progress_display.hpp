#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace quotesweep {

/// Shows on stderr how far a sweep is: a bar where that is a terminal, otherwise a line every ten
/// seconds.
class ProgressDisplay {
 public:
  /// `steps` is the whole work in point-path-steps; `crew` describes ranks and threads.
  ProgressDisplay(double steps, std::string crew);

  /// `share` of the work is done.
  void update(double share);

  /// Removes the bar. Returns the elapsed seconds.
  double finish();

 private:
  double elapsed() const;

  using Clock = std::chrono::steady_clock;
  double steps_;
  std::string crew_;
  bool terminal_;
  Clock::time_point start_ = Clock::now(), shown_ = start_;
};

/// Seconds as "8.1 s" or "1:02:03".
std::string duration_text(double seconds);

}  // namespace quotesweep
