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
  /// The same for one lane, where an interval is one step.
  void observe(int lane, Real increment);
  bool every_step() const { return steps_per_interval_ == 1; }
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
[[gnu::always_inline]] inline void Returns<Real>::observe(int lane, Real increment) {
  const Real excess = increment - lane_target_;
  const Real loss = excess < Real(0) ? excess : Real(0);
  squares_[lane] += increment * increment;
  downside_squares_[lane] += loss * loss;
}

}  // namespace quotesweep
