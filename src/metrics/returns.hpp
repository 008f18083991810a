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
  void settle(const Lanes<Real>& lanes) override;
  void finish(const Lanes<Real>& lanes, const PathRows& rows) override;

 private:
  void add(const LaneArray<Real>& increments);

  std::int64_t steps_per_interval_, steps_into_interval_ = 0;
  double intervals_, target_, capital_;
  LaneArray<Real> interval_;  // increment of the current interval, where it has several steps
  LaneArray<Real> squares_, downside_squares_;
  LaneArray<double> squares_settled_, downside_squares_settled_;
};

}  // namespace quotesweep
