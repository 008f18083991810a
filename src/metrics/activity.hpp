#pragma once

#include "metrics/path_metric.hpp"

namespace quotesweep {

/// trades, turnover, mean_abs_inventory and terminal_inventory.
template <class Real>
class Activity final : public PathMetric<Real> {
 public:
  Activity(const PriceProcess& process, double capital);

  void begin(const Lanes<Real>& lanes) override;
  void observe(const Quotes<Real>& quotes, const Lanes<Real>& lanes) override;
  void settle(const Lanes<Real>& lanes) override;
  void finish(const Lanes<Real>& lanes, const PathRows& rows) override;

 private:
  double steps_, capital_;
  LaneArray<Real> fills_, value_, inventory_;
  LaneArray<double> fills_settled_, value_settled_, inventory_settled_;
};

}  // namespace quotesweep
