#pragma once

#include "market/lanes.hpp"

namespace quotesweep {

/// The highest equity so far, kept like equity itself: in double precision up to the last
/// settlement, relative to the ledger since then.
template <class Real>
struct RunningPeak {
  LaneArray<Real> since{};  // relative to the ledger [price]

  void begin(const Lanes<Real>& lanes) {
    clear(since, settled_);
    peak_ = lanes.ledger;
  }
  /// The peak of a lane is its equity now.
  void restart(int lane, const Lanes<Real>& lanes) {
    since[lane] = lanes.equity[lane];
    settled_[lane] = lanes.equity[lane] - Real(1);  // so that settling takes it over
  }
  /// Before the account settles.
  void settle(const Lanes<Real>& lanes) {
#pragma omp simd
    for (int lane = 0; lane < lane_count; ++lane) {
      const double ledger = lanes.ledger[lane] + static_cast<double>(lanes.equity[lane]);
      // Only a new peak is taken over, so that rounding cannot lift an old one.
      const double risen = lanes.ledger[lane] + static_cast<double>(since[lane]);
      peak_[lane] = since[lane] > settled_[lane] ? risen : peak_[lane];
      since[lane] = static_cast<Real>(peak_[lane] - ledger);
      settled_[lane] = since[lane];
    }
  }

 private:
  LaneArray<double> peak_{};   // at the last settlement [price]
  LaneArray<Real> settled_{};  // `since` at the last settlement
};

}  // namespace quotesweep
