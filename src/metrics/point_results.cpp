#include "metrics/point_results.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "metrics/tail_results.hpp"

namespace quotesweep {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

// A ratio is averaged where its paths are no heavier in the tails than this, an exponential law
// having 9, and enough to tell: samples of 2,000 paths and more of ratios without a mean have
// kurtoses above 12.
constexpr double most_kurtosis = 10.0, least_for_kurtosis = 100.0;

constexpr double least_losing = 100.0;  // paths that a Sortino ratio rests on

Estimate annualised(const Estimate& ratio, const MetricTerms& terms) {
  const double factor = std::sqrt(terms.annualization);
  return {ratio.value * factor, ratio.standard_error * factor};
}

/// Sortino ratio over paths, (mean - target) / sqrt(D) with D the mean squared shortfall; the error
/// by the delta method in (mean, D). None where few paths fall short.
Estimate sortino(const PointState& state, double target, const MetricTerms& terms) {
  const Moments &pnl = state[PathQuantity::pnl], &down = state[PathQuantity::downside_square];
  const double root = std::sqrt(down.mean);
  if (!(root > 0.0) || state.losing_paths < least_losing || !pnl.tells_error()) return {};
  const double excess = pnl.mean - target;
  const double by_mean = 1.0 / root, by_downside = -excess / (2.0 * down.mean * root);
  const double covariance = state.pnl_downside_cross / (pnl.count - 1.0);
  const double variance = by_mean * by_mean * pnl.variance() +
                          2.0 * by_mean * by_downside * covariance +
                          by_downside * by_downside * down.variance();
  return annualised({excess / root, std::sqrt(variance / pnl.count)}, terms);
}

void add_metric(std::vector<ResultDefinition>& all, PathQuantity quantity) {
  const MetricDefinition& metric = definition_of(quantity);
  const bool lacks_mean = may_lack_mean(quantity);
  const std::string name(metric.name), unit(metric.unit), definition(metric.definition);
  const char* better = metric.better == Better::higher  ? "higher"
                       : metric.better == Better::lower ? "lower"
                                                        : "";
  using Kind = ResultDefinition::Kind;
  const std::string mean = fmt::format(
      "mean over paths of: {}{}", definition,
      lacks_mean
          ? fmt::format("; NaN below {:g} paths and where their kurtosis is above {:g}: the "
                        "denominator can be next to zero, such a ratio may have no mean, and "
                        "then what is averaged does not settle; {}_q50 does",
                        least_for_kurtosis, most_kurtosis, name)
          : "");
  all.push_back({name, unit, mean, Kind::real, better});
  all.push_back({name + "_sd", unit, "standard deviation (ddof 1) over paths of: " + definition,
                 Kind::real, ""});
  all.push_back({name + "_se", unit,
                 "standard error of the mean, sd / sqrt(paths where defined); NaN where it is not "
                 "known to an eleventh of itself: below 30 paths, or where (kurtosis - 1) / paths "
                 "> 1/30; 0 where all paths are "
                 "alike, which tells nothing of rarer ones; of: " +
                     definition,
                 Kind::real, ""});
  all.push_back({name + "_skewness", "1",
                 "skewness m3 / m2^(3/2), central moments m over paths (ddof 0), of: " + definition,
                 Kind::real, ""});
  all.push_back({name + "_kurtosis", "1",
                 "kurtosis m4 / m2^2, 3 for a normal law, central moments m over paths (ddof 0), "
                 "of: " +
                     definition,
                 Kind::real, ""});
}

/// Whether a sample looks like one of a law that has a mean.
bool has_mean(PathQuantity quantity, const Moments& moments) {
  if (!may_lack_mean(quantity) || moments.m2 == 0.0) return moments.count > 0.0;
  return moments.count >= least_for_kurtosis && moments.kurtosis() <= most_kurtosis;
}

void add_moments(PathQuantity quantity, const Moments& moments, std::vector<double>& results) {
  const bool is_there = has_mean(quantity, moments);
  results.push_back(is_there ? moments.mean : undefined);
  results.push_back(is_there ? std::sqrt(moments.variance()) : undefined);
  results.push_back(is_there && moments.tells_error() ? moments.standard_error() : undefined);
  results.push_back(moments.skewness());
  results.push_back(moments.kurtosis());
}

/// Details whose definition says so are left out of means where a path has none, and counted.
bool may_be_undefined(const MetricDefinition& metric) {
  return metric.definition.find("undefined (NaN") != std::string_view::npos;
}

}  // namespace

Estimate sharpe(const Moments& pnl, const MetricTerms& terms) {
  const double sd = std::sqrt(pnl.variance());
  if (!(sd > 0.0)) return {};
  const double s = pnl.mean / sd;
  const double variance = 1.0 - pnl.skewness() * s + (pnl.kurtosis() - 1.0) * s * s / 4.0;
  const double error = pnl.tells_error() ? std::sqrt(variance / pnl.count) : undefined;
  return annualised({s, error}, terms);
}

std::vector<ResultDefinition> result_definitions(const MetricTerms& terms) {
  using Kind = ResultDefinition::Kind;
  std::vector<ResultDefinition> all;
  for (int i = 0; i < metric_count; ++i) add_metric(all, static_cast<PathQuantity>(i));
  all.push_back({"sharpe", "1",
                 "mean / sd (ddof 1) of pnl over paths x sqrt(metrics.annualization); the clock is "
                 "the horizon T; undefined where pnl does not vary",
                 Kind::real, "higher"});
  all.push_back(
      {"sharpe_se", "1",
       "standard error of sharpe by the delta method: sqrt([1 - skew S + (kurt - 1) S^2 / "
       "4] / N) x sqrt(metrics.annualization), S before annualisation",
       Kind::real, ""});
  all.push_back({"sortino", "1",
                 "(mean pnl - target) / sqrt(mean(min(pnl - target, 0)^2)) over paths x "
                 "sqrt(metrics.annualization), target = metrics.target x intervals per path; "
                 "undefined where fewer than 100 paths are below the target (losing_paths)",
                 Kind::real, "higher"});
  all.push_back({"sortino_se", "1",
                 "standard error of sortino by the delta method in the mean and the mean squared "
                 "shortfall",
                 Kind::real, ""});
  all.push_back({"losing_paths", "1",
                 "number of paths whose pnl is below the target, on which sortino rests",
                 Kind::count, "lower"});
  all.push_back({"path_sharpe_undefined", "1", "number of paths without a path_sharpe", Kind::count,
                 "lower"});
  all.push_back({"path_sortino_undefined", "1", "number of paths without a path_sortino",
                 Kind::count, "lower"});
  all.push_back({"clamped_fills", "1",
                 "number of quotes, over all steps and paths, whose lambda dt exceeds 1 under "
                 "fills.probability = bernoulli, so that the probability was cut to 1",
                 Kind::count, "lower"});
  all.push_back(
      {"negative_prices", "1",
       "number of steps, over all paths, at whose start the mid or the partner's price is "
       "not above zero, where fees of a value become income",
       Kind::count, "lower"});
  if (terms.detail == Detail::full) {
    for (int i = 0; i < detail_count; ++i) add_metric(all, detail(i));
    for (const auto& metric : detail_definitions())
      if (may_be_undefined(metric))
        all.push_back({std::string(metric.name) + "_undefined", "1",
                       "number of paths without a " + std::string(metric.name), Kind::count, ""});
  }
  if (terms.quantiles == Quantiles::always)
    for (std::size_t i = 0; i < sketch_count(terms.detail); ++i)
      add_tail_definitions(sketched_quantities[i], all);
  return all;
}

std::vector<double> point_results(const PointState& state, const MetricTerms& terms,
                                  double path_target) {
  std::vector<double> results;
  for (std::size_t i = 0; i < metric_count; ++i)
    add_moments(static_cast<PathQuantity>(i), state.moments[i], results);
  for (const Estimate& ratio :
       {sharpe(state[PathQuantity::pnl], terms), sortino(state, path_target, terms)}) {
    results.push_back(ratio.value);
    results.push_back(ratio.standard_error);
  }
  results.push_back(state.losing_paths);
  results.push_back(state.paths - state[PathQuantity::path_sharpe].count);
  results.push_back(state.paths - state[PathQuantity::path_sortino].count);
  results.push_back(state.clamped_fills);
  results.push_back(state.negative_prices);
  for (std::size_t i = 0; i < state.details.size(); ++i)
    add_moments(detail(static_cast<int>(i)), state.details[i], results);
  for (std::size_t i = 0; i < state.details.size(); ++i)
    if (may_be_undefined(detail_definitions()[i]))
      results.push_back(state.paths - state.details[i].count);
  for (std::size_t i = 0; i < state.sketches.size(); ++i)
    add_tail_results(state.sketches[i], sketched_quantities[i], results);
  return results;
}

}  // namespace quotesweep
