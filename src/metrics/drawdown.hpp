#pragma once

#include "metrics/path_metric.hpp"

namespace quotesweep {

/// max_drawdown and max_drawdown_pct.
template <class Real>
class Drawdown final : public PathMetric<Real> {
 public:
  void begin(const Lanes<Real>& lanes) override;
  void observe(const Quotes<Real>& quotes, const Lanes<Real>& lanes) override;
  /// The same for one lane, by its equity since the last settlement [price].
  void observe(int lane, Real equity);
  void settle(const Lanes<Real>& lanes) override;
  void finish(const Lanes<Real>& lanes, const PathRows& rows) override;

 private:
  LaneArray<double> peak_;            // at the last settlement
  LaneArray<Real> peak_since_;        // running peak relative to the ledger
  LaneArray<Real> peak_at_settling_;  // its value at the last settlement
  LaneArray<Real> ledger_;
  LaneArray<Real> worst_, worst_fraction_;
};

template <class Real>
[[gnu::always_inline]] inline void Drawdown<Real>::observe(int lane, Real equity) {
  const Real before = peak_since_[lane];
  const Real peak = equity > before ? equity : before;
  const Real drop = peak - equity;
  const Real fraction = drop / (ledger_[lane] + peak);
  peak_since_[lane] = peak;
  worst_[lane] = drop > worst_[lane] ? drop : worst_[lane];
  worst_fraction_[lane] = fraction > worst_fraction_[lane] ? fraction : worst_fraction_[lane];
}

}  // namespace quotesweep
