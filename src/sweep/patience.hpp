#pragma once

#include <algorithm>

namespace quotesweep {

/// How long a worker may be silent over a task before the task is given to others: several times
/// the longest task so far, at least `least` seconds. Before the first task has ended nobody can
/// tell what is long, so nothing is overdue then.
class Patience {
 public:
  explicit Patience(double least) : least_(least) {}

  /// A task ended after this many seconds, waiting included.
  void learn(double seconds) {
    longest_ = std::max(longest_, seconds);
    learnt_ = true;
  }

  bool overdue(double seconds) const {
    return learnt_ && seconds > std::max(least_, several * longest_);
  }

 private:
  static constexpr double several = 5.0;

  double least_;          // [s]
  double longest_ = 0.0;  // [s]
  bool learnt_ = false;
};

}  // namespace quotesweep
