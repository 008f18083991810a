#pragma once

#include <vector>

#include "signal/cointegration.hpp"
#include "signal/pair_terms.hpp"

namespace quotesweep {

/// Whether, and which way, the traded price of every lane is out of line with its partner's, from
/// the prices up to now only.
///
/// The relation y = a + b x + e is estimated (Cointegration) over the latest `lookback`
/// observations when there are that many, and again every `interval` steps; in between, the last
/// estimate holds. At each step z = (y - a - b x) / sd. The gate is open where the residuals'
/// unit-root test has a p-value of at most adf_pval_max. A lane becomes active where the gate is
/// open and |z| >= enter, and inactive where |z| < exit, z changes sides, or the gate closes; if z
/// is beyond `enter` on the other side, the direction turns at once. Windows in which the partner
/// or the residual does not move leave the gate closed and hedge ratio and z 0.
///
/// One object per thread. No allocation after construction, no draws.
template <class Real>
class PairSignal {
 public:
  /// With `lanes` below lane_count, a multiple of 16, the others are taken to stand still. Throws
  /// Error as check_pair_terms does.
  explicit PairSignal(const PairTerms& terms, int lanes = lane_count);

  /// Forgets all observations; before the first estimate everything below is 0.
  void begin();
  /// The prices of one step: arrays over lanes, less their starting prices, so that float resolves
  /// their moves [price]. Requires finite numbers.
  void observe(const Real* traded, const Real* partner);

  const LaneArray<Real>& z() const { return z_; }  // [sd of the residual]
  /// -sign(z) min(|z|, max_bias) while active, else 0: positive where the traded price is low.
  const LaneArray<Real>& signal() const { return signal_; }
  /// Sign of the signal while active (1 buys the traded), else 0.
  const LaneArray<Real>& direction() const { return direction_; }
  /// 1 open, 0 closed.
  const LaneArray<Real>& gate() const { return gate_; }
  /// Of the latest estimate: units of the partner per unit of the traded.
  const LaneArray<Real>& hedge_ratio() const { return hedge_ratio_; }
  /// The hedge ratio in force when the present direction was taken, which a trade keeps; 0 while
  /// inactive.
  const LaneArray<Real>& held_hedge_ratio() const { return held_hedge_ratio_; }

 private:
  void remember(const Real* traded, const Real* partner);
  bool estimate_is_due() const;
  void estimate();
  void decide(const Real* traded, const Real* partner);

  PairTerms terms_;
  int lanes_;
  double critical_;  // largest statistic that opens the gate
  std::int64_t observed_ = 0;
  // Every row is stored twice, `lookback` apart, so that each window is contiguous.
  std::vector<LaneArray<Real>> traded_, partner_;
  Cointegration estimate_;
  LaneArray<double> per_sd_;  // 1 / sd, or 0
  LaneArray<Real> z_, signal_, direction_, gate_, hedge_ratio_, held_hedge_ratio_;
};

extern template class PairSignal<float>;
extern template class PairSignal<double>;

}  // namespace quotesweep
