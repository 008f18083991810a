#pragma once

#include "metrics/path_metric.hpp"

namespace quotesweep {

/// Counts quotes whose lambda dt exceeds one, where `bernoulli` has to cut the probability off: the
/// time step is then too long for the arrival rate. Always zero under `poisson`.
template <class Real>
class ClampedFills final : public PathMetric<Real> {
 public:
  ClampedFills(const PriceProcess& process, const FillModel& fills);

  void begin(const Lanes<Real>& lanes) override;
  void observe(const Quotes<Real>& quotes, const Lanes<Real>& lanes) override;
  void settle(const Lanes<Real>& lanes) override;
  void finish(const Lanes<Real>& lanes, const PathRows& rows) override;

 private:
  bool active_;
  Real nearest_;  // distance at which lambda dt is one [price]
  LaneArray<std::int32_t> clamped_;
  LaneArray<double> clamped_settled_;
};

}  // namespace quotesweep
