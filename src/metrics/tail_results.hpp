#pragma once

#include <span>
#include <vector>

#include "metrics/point_results.hpp"
#include "metrics/quantile_sketch.hpp"

namespace quotesweep {

/// The sketch of a quantity's values over paths. Ratios, which may be heavy in the tails, are
/// sketched on a scale that is linear within each octave of 1 + |x|: with 1 + |x| = 2^e (1 + m),
/// 0 <= m < 1, its number is e + m with the sign of x. It ascends with x, and is exact but for
/// rounding.
QuantileSketch sketch_of(Shape shape, std::span<const double> values);

/// Quantiles of one path metric as results of a point, and expected shortfalls where its shape is
/// tails: for each probability `m_q05` and `m_q05_se`, for the worst 5 % and 1 % of paths the mean
/// `m_es05` and `m_es05_se` (`m_es95` where high is bad), and `m_sketch_error`, the largest error
/// of all these against those of the same paths, sorted.
void add_tail_definitions(const SketchedQuantity& sketched, std::vector<ResultDefinition>& all);

/// Their values, in the same order.
///
/// Standard errors: of a quantile the distance between the quantiles at p +- z sqrt(p (1 - p) / N),
/// over 2 z with z = 1.96, its normal interval read off the sample's own distribution; of an
/// expected shortfall sqrt((V + (1 - p)(Q - ES)^2) / (N p)), V the variance beyond the quantile Q.
/// Source: Serfling, "Approximation Theorems of Mathematical Statistics" (1980); Chen,
/// "Nonparametric estimation of expected shortfall", Journal of Financial Econometrics 6 (2008).
/// Both times sqrt(k / (k - 2)) with k paths expected in the tail, as wide as Student's t is; NaN
/// where k is less than `least_events`.
void add_tail_results(const QuantileSketch& sketch, const SketchedQuantity& sketched,
                      std::vector<double>& results);

}  // namespace quotesweep
