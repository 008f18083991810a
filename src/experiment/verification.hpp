#pragma once

#include <span>
#include <string>
#include <vector>

#include "experiment/study.hpp"
#include "metrics/point_state.hpp"

namespace quotesweep {

/// One simulated number of a point beside its exact value.
struct Comparison {
  std::string metric;  // a path metric, its "_sd", or "sharpe"
  double exact = 0.0;
  double simulated = 0.0;
  double standard_error = 0.0;  // of `simulated`

  /// (simulated - exact) / standard_error; 0 where neither varies and they agree, NaN where one, or
  /// the standard error, is undefined.
  double z() const;
};

/// Everything of a point that the exact recursion knows, with standard errors by the delta method
/// (of a standard deviation: sd sqrt((kurtosis - 1) / (4 N))).
std::vector<Comparison> compare_with_exact(const PointInput& point, const PointState& state);

/// The z of one metric at all points, summed up; those that are NaN are left out.
struct ScoreSummary {
  int count = 0;
  double largest = 0.0;           // |z|
  double root_mean_square = 0.0;  // of z; near 1 where standard errors are right
};

ScoreSummary summarise_scores(std::span<const double> z);

}  // namespace quotesweep
