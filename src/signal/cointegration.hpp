#pragma once

#include <cstdint>

#include "market/lanes.hpp"

namespace quotesweep {

/// The latest `length` prices of every lane, oldest first: row i of either array is one step.
template <class Real>
struct PairWindow {
  const LaneArray<Real>* traded;   // y [price]
  const LaneArray<Real>* partner;  // x [price]
  std::int64_t length;             // [steps]
  int lanes = lane_count;          // that are looked at; a multiple of 16
};

/// The relation between two price series over a window, lane by lane: y = intercept + hedge_ratio x
/// + e. All zero, with an infinite statistic, where x or e do not move by more than the rounding of
/// prices.
struct Cointegration {
  LaneArray<double> intercept;    // [price]
  LaneArray<double> hedge_ratio;  // units of the partner per unit of the traded
  LaneArray<double> sd;  // of e: square root of its mean square over the window (ddof 0) [price]
  LaneArray<double> statistic;  // t of e's lagged level; infinite where it is not determined
};

/// Largest number of lagged differences in the test.
inline constexpr int most_lags = 4;

/// Engle-Granger: least squares of y on x, then the augmented Dickey-Fuller regression of the
/// residuals, without constant, de_t = rho e_{t-1} + sum_{j=1..lags} c_j de_{t-j}, whose t
/// statistic of rho (variance with the degrees of freedom left) is compared with the surface for
/// two variables (mackinnon.hpp), since the hedge ratio is estimated. The statistic is that of
/// statsmodels.tsa.stattools.coint(y, x, trend="c", maxlag=lags, autolag=None), which however gives
/// up where R^2 > 1 - 1.5e-6. Source: Engle and Granger, "Co-integration and Error Correction",
/// Econometrica 55 (1987) 251-276. In double, in the order of rows, about the first row of the
/// window, so that the level of prices costs no digits.
/// Requires 0 <= lags <= most_lags, length >= 2 lags + 3 and finite prices.
template <class Real>
void estimate_cointegration(const PairWindow<Real>& window, int lags, Cointegration& result);

extern template void estimate_cointegration<float>(const PairWindow<float>&, int, Cointegration&);
extern template void estimate_cointegration<double>(const PairWindow<double>&, int, Cointegration&);

}  // namespace quotesweep
