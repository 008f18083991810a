#pragma once

namespace quotesweep {

/// Probability, without cointegration, of an Engle-Granger (augmented Dickey-Fuller) t statistic at
/// or below `statistic`; the regression that gave the residuals had a constant. `variables`: 1 for
/// a unit-root test of one observed series, 2 for the residuals of one series on another, whose
/// slope was estimated (a fitted residual looks more stationary than it is, so that the same
/// statistic proves less). The same numbers as statsmodels.tsa.adfvalues.mackinnonp(statistic, "c",
/// variables). Asymptotic: exact for long windows only. Source: MacKinnon, "Approximate Asymptotic
/// Distribution Functions for Unit-Root and Cointegration Tests", J. Business & Economic Statistics
/// 12 (1994) 167-176; the constants are those of statsmodels. For descriptions and tests: it uses
/// erfc of the C library; decisions use the critical statistic.
/// Requires variables = 1 or 2.
double mackinnon_p_value(double statistic, int variables);

/// The statistic at or below which the p-value is at most `p`; infinity for p = 1. Free of the C
/// library's functions. The two branches of the surface do not quite meet (for two variables the
/// p-value falls by 0.0008 at the statistic -2.62, p = 0.23); there it is the smaller statistic
/// that separates, so that none at or below it has a p-value above `p`.
/// Requires smallest_p <= p <= 1 and variables = 1 or 2.
double mackinnon_critical(double p, int variables);

/// Smallest p-value with a critical statistic.
inline constexpr double smallest_p = 1e-9;

}  // namespace quotesweep
