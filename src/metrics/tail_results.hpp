#pragma once

#include <vector>

#include "metrics/point_results.hpp"
#include "metrics/quantile_sketch.hpp"

namespace quotesweep {

/// Quantiles and expected shortfalls of one path metric, as results of a point: for each of
/// `tail_probabilities` `m_q05` and `m_q05_se`, for the worst 5 % and 1 % of paths the mean
/// `m_es05` and `m_es05_se` (`m_es95` where high is bad), and `m_sketch_error`, the bin width.
void add_tail_definitions(const MetricDefinition& metric, std::vector<ResultDefinition>& all);

/// Their values, in the same order.
///
/// Standard errors: of a quantile half the distance between the quantiles at p +- sqrt(p (1 - p) /
/// N), its normal interval read off the sample's own distribution; of an expected shortfall
/// sqrt((V + (1 - p)(Q - ES)^2) / (N p)), V the variance beyond the quantile Q. Source: Serfling,
/// "Approximation Theorems of Mathematical Statistics" (1980); Chen, "Nonparametric
/// estimation of expected shortfall", Journal of Financial Econometrics 6 (2008). NaN
/// where fewer than five paths are expected in the tail.
void add_tail_results(const QuantileSketch& sketch, Better better, std::vector<double>& results);

}  // namespace quotesweep
