#pragma once

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
  std::string better;  // "higher", "lower", or empty where neither is
};

/// All results, in the order of `point_results`.
std::vector<ResultDefinition> result_definitions();

/// Results of a point, in the order of `result_definitions`. `path_target` is the P&L per path
/// below which a path is a loss. What is undefined is NaN.
std::vector<double> point_results(const PointState& state, const MetricTerms& terms,
                                  double path_target);

}  // namespace quotesweep
