#pragma once

#include <limits>
#include <string>
#include <vector>

#include "metrics/point_state.hpp"

namespace quotesweep {

/// One result of a point, as it appears in the results file.
struct ResultDefinition {
  std::string name;
  std::string unit;
  std::string definition;
  enum class Kind { real, count } kind = Kind::real;
  std::string better;      // "higher", "lower", or empty where neither is
  std::size_t length = 1;  // of a row of numbers
};

/// A number estimated from paths; NaN where it is undefined.
struct Estimate {
  double value = std::numeric_limits<double>::quiet_NaN();
  double standard_error = std::numeric_limits<double>::quiet_NaN();
};

/// Sharpe ratio over paths, annualised. Its error is by the delta method for a sample that need not
/// be normal: variance [1 - skew S + (kurt - 1) S^2 / 4] / N. Source: Mertens (2002); Opdyke,
/// "Comparing Sharpe ratios: so where are the p-values?", Journal of Asset Management 8 (2007).
Estimate sharpe(const Moments& pnl, const MetricTerms& terms);

/// All results, in the order of `point_results`.
std::vector<ResultDefinition> result_definitions(const MetricTerms& terms);

/// Results of a point, in the order of `result_definitions`. `path_target` is the P&L per path
/// below which a path is a loss. What is undefined is NaN.
std::vector<double> point_results(const PointState& state, const MetricTerms& terms,
                                  double path_target);

}  // namespace quotesweep
