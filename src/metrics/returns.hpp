#pragma once

#include "metrics/path_metric.hpp"

namespace quotesweep {

/// pnl, path_sharpe, path_sortino and downside_square: everything about P&L increments.
template <class Real>
class Returns final : public PathMetric<Real> {
 public:
  Returns(const MetricTerms& terms, const PriceProcess& process, double capital);

  void begin(const Lanes<Real>& lanes) override;
  void observe(const Quotes<Real>& quotes, const Lanes<Real>& lanes) override;
  bool every_step() const { return steps_per_interval_ == 1; }
  /// The same for one lane, where an interval is one step.
  void observe(int lane, Real increment) {
    auto held = hold<Real>(lane);
    observe(held, increment);
    put_back(held, lane);
  }

  /// The last increment of a lane was `other` instead of `increment`, where an interval is one
  /// step.
  void amend(int lane, Real increment, Real other) {
    auto taken = hold<Real>(lane), added = Held<Real>{};
    observe(added, other);
    taken.squares += added.squares;
    taken.downside_squares += added.downside_squares;
    added = {};
    observe(added, increment);
    taken.squares -= added.squares;
    taken.downside_squares -= added.downside_squares;
    put_back(taken, lane);
  }
  /// Squared increments since the last settlement, where an interval is one step.
  const LaneArray<Real>& squares() const { return squares_; }

  /// What `observe` changes of a lane, or of a Pack of them, to be held in registers for some
  /// steps.
  template <class V>
  struct Held {
    V squares, downside_squares;
  };
  template <class V>
  Held<V> hold(int lane) const {
    return {load<V>(squares_, lane), load<V>(downside_squares_, lane)};
  }
  template <class V>
  void observe(Held<V>& held, V increment) const;
  template <class V>
  void put_back(const Held<V>& held, int lane) {
    store(held.squares, squares_, lane);
    store(held.downside_squares, downside_squares_, lane);
  }

  void settle(const Lanes<Real>& lanes) override;
  void finish(const Lanes<Real>& lanes, const PathRows& rows) override;

 private:
  void add(const LaneArray<Real>& increments);

  std::int64_t steps_per_interval_, steps_into_interval_ = 0;
  double intervals_, target_, capital_;
  Real lane_target_;          // the target in the precision of the lanes
  LaneArray<Real> interval_;  // increment of the current interval, where it has several steps
  LaneArray<Real> squares_, downside_squares_;
  LaneArray<double> squares_settled_, downside_squares_settled_;
};

template <class Real>
template <class V>
[[gnu::always_inline]] inline void Returns<Real>::observe(Held<V>& held, V increment) const {
  const V excess = increment - lane_target_;
  const V loss = negative_part(excess);
  held.squares += increment * increment;
  held.downside_squares += loss * loss;
}

}  // namespace quotesweep
