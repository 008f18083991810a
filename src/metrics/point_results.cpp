#include "metrics/point_results.hpp"

#include <cmath>
#include <limits>

namespace quotesweep {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

struct Estimate {
  double value = undefined;
  double standard_error = undefined;
};

/// Sharpe ratio over paths. Its error is by the delta method for a sample that need not be normal:
/// variance [1 - skew S + (kurt - 1) S^2 / 4] / N. Source: Mertens (2002); Opdyke, "Comparing
/// Sharpe ratios: so where are the p-values?", Journal of Asset Management 8 (2007), equation 6.
Estimate sharpe(const Moments& pnl) {
  const double sd = std::sqrt(pnl.variance());
  if (!(sd > 0.0)) return {};
  const double s = pnl.mean / sd;
  const double variance = 1.0 - pnl.skewness() * s + (pnl.kurtosis() - 1.0) * s * s / 4.0;
  return {s, std::sqrt(variance / pnl.count)};
}

/// Sortino ratio over paths, (mean - target) / sqrt(D) with D the mean squared shortfall; the error
/// by the delta method in (mean, D).
Estimate sortino(const PointState& state, double target) {
  const Moments &pnl = state[PathQuantity::pnl], &down = state[PathQuantity::downside_square];
  const double root = std::sqrt(down.mean);
  if (!(root > 0.0)) return {};
  const double excess = pnl.mean - target;
  const double by_mean = 1.0 / root, by_downside = -excess / (2.0 * down.mean * root);
  const double covariance = state.pnl_downside_cross / (pnl.count - 1.0);
  const double variance = by_mean * by_mean * pnl.variance() +
                          2.0 * by_mean * by_downside * covariance +
                          by_downside * by_downside * down.variance();
  return {excess / root, std::sqrt(variance / pnl.count)};
}

void add_metric(std::vector<ResultDefinition>& all, const MetricDefinition& metric) {
  const std::string name(metric.name), unit(metric.unit), definition(metric.definition);
  const char* better = metric.better == Better::higher  ? "higher"
                       : metric.better == Better::lower ? "lower"
                                                        : "";
  using Kind = ResultDefinition::Kind;
  all.push_back({name, unit, "mean over paths of: " + definition, Kind::real, better});
  all.push_back({name + "_sd", unit, "standard deviation (ddof 1) over paths of: " + definition,
                 Kind::real, ""});
  all.push_back({name + "_se", unit,
                 "standard error of the mean, sd / sqrt(paths where defined), of: " + definition,
                 Kind::real, ""});
}

}  // namespace

std::vector<ResultDefinition> result_definitions() {
  using Kind = ResultDefinition::Kind;
  std::vector<ResultDefinition> all;
  for (const auto& metric : metric_definitions()) add_metric(all, metric);
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
                 "undefined where no path is below the target",
                 Kind::real, "higher"});
  all.push_back({"sortino_se", "1",
                 "standard error of sortino by the delta method in the mean and the mean squared "
                 "shortfall",
                 Kind::real, ""});
  all.push_back({"path_sharpe_undefined", "1", "number of paths without a path_sharpe", Kind::count,
                 "lower"});
  all.push_back({"path_sortino_undefined", "1", "number of paths without a path_sortino",
                 Kind::count, "lower"});
  all.push_back({"clamped_fills", "1",
                 "number of quotes, over all steps and paths, whose lambda dt exceeds 1 under "
                 "fills.probability = bernoulli, so that the probability was cut to 1",
                 Kind::count, "lower"});
  return all;
}

std::vector<double> point_results(const PointState& state, const MetricTerms& terms,
                                  double path_target) {
  std::vector<double> results;
  for (int i = 0; i < metric_count; ++i) {
    const Moments& moments = state.moments[static_cast<std::size_t>(i)];
    results.push_back(moments.count > 0.0 ? moments.mean : undefined);
    results.push_back(std::sqrt(moments.variance()));
    results.push_back(moments.standard_error());
  }
  const double annual = std::sqrt(terms.annualization);
  for (const Estimate& ratio : {sharpe(state[PathQuantity::pnl]), sortino(state, path_target)}) {
    results.push_back(ratio.value * annual);
    results.push_back(ratio.standard_error * annual);
  }
  results.push_back(state.paths - state[PathQuantity::path_sharpe].count);
  results.push_back(state.paths - state[PathQuantity::path_sortino].count);
  results.push_back(state.clamped_fills);
  return results;
}

}  // namespace quotesweep
