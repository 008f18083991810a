#pragma once

#include <type_traits>

#include "metrics/path_metric.hpp"

namespace quotesweep {

/// Counts quotes whose lambda dt exceeds one, where `bernoulli` has to cut the probability off: the
/// time step is then too long for the arrival rate. Always zero under `poisson`.
template <class Real>
class ClampedFills final : public PathMetric<Real> {
 public:
  using Count = Real;

  ClampedFills(const PriceProcess& process, const FillModel& fills);

  void begin(const Lanes<Real>& lanes) override;
  void observe(const Quotes<Real>& quotes, const Lanes<Real>& lanes) override;
  /// Whether there is anything to count.
  bool active() const { return active_; }

  /// What `observe` changes of a lane, or of a Pack of them, to be held in registers for some
  /// steps.
  template <class V>
  struct Held {
    V clamped;
  };
  template <class V>
  Held<V> hold(int lane) const {
    return {load<V>(clamped_, lane)};
  }
  template <class C, class V>
  void observe(Held<C>& held, V bid_distance, V ask_distance) const {
    held.clamped += one_where<V>(bid_distance < nearest_) + one_where<V>(ask_distance < nearest_);
  }
  template <class V>
  void put_back(const Held<V>& held, int lane) {
    store(held.clamped, clamped_, lane);
  }

  void settle(const Lanes<Real>& lanes) override;
  void finish(const Lanes<Real>& lanes, const PathRows& rows) override;

 private:
  bool active_;
  Real nearest_;              // distance at which lambda dt is one [price]
  LaneArray<Count> clamped_;  // since the last settlement
  LaneArray<double> clamped_settled_;
};

}  // namespace quotesweep
