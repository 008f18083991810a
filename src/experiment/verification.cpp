#include "experiment/verification.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "metrics/point_results.hpp"
#include "sim/exact_moments.hpp"

namespace quotesweep {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

struct Known {
  PathQuantity quantity;
  ExactMoment ExactMoments::*exact;
};

constexpr Known known[] = {{PathQuantity::pnl, &ExactMoments::pnl},
                           {PathQuantity::turnover, &ExactMoments::turnover},
                           {PathQuantity::trades, &ExactMoments::trades},
                           {PathQuantity::mean_abs_inventory, &ExactMoments::mean_abs_inventory},
                           {PathQuantity::terminal_inventory, &ExactMoments::terminal_inventory}};

/// An estimate that has not varied, because what it counts is rarer than its paths, has the exact
/// law's error.
Comparison compare_mean(const std::string& metric, const ExactMoment& exact,
                        const Moments& moments) {
  const double error =
      moments.m2 > 0.0 ? moments.standard_error() : std::sqrt(exact.variance / moments.count);
  const bool rounding = std::abs(exact.mean) < 1e-12 * std::sqrt(exact.variance);
  return {metric, rounding ? 0.0 : exact.mean, moments.mean, error};
}

Comparison compare_sd(const std::string& metric, const ExactMoment& exact, const Moments& moments) {
  const double sd = std::sqrt(moments.variance());
  if (!(sd > 0.0) && exact.variance > 0.0)
    return {metric + "_sd", std::sqrt(exact.variance), sd, nan};
  const double error =
      sd > 0.0 ? sd * std::sqrt((moments.kurtosis() - 1.0) / (4.0 * moments.count)) : 0.0;
  return {metric + "_sd", std::sqrt(exact.variance), sd, error};
}

Comparison compare_sharpe(const PointInput& point, const PointState& state,
                          const ExactMoment& exact) {
  const auto& terms = point.scenario.metrics;
  const auto simulated = sharpe(state[PathQuantity::pnl], terms);
  return {"sharpe", exact.mean / std::sqrt(exact.variance) * std::sqrt(terms.annualization),
          simulated.value, simulated.standard_error};
}

}  // namespace

double Comparison::z() const {
  const double difference = simulated - exact;
  if (!(standard_error == 0.0) || std::isnan(difference)) return difference / standard_error;
  const double rounding = 1e-6 * std::max(1.0, std::abs(exact));
  return std::abs(difference) <= rounding ? 0.0 : std::numeric_limits<double>::infinity();
}

std::vector<Comparison> compare_with_exact(const PointInput& point, const PointState& state) {
  const auto exact = exact_moments(point);
  std::vector<Comparison> all;
  for (const auto& [quantity, member] : known) {
    const std::string metric(metric_definitions()[static_cast<std::size_t>(quantity)].name);
    const Moments& moments = state[quantity];
    all.push_back(compare_mean(metric, exact.*member, moments));
    all.push_back(compare_sd(metric, exact.*member, moments));
  }
  all.push_back(compare_sharpe(point, state, exact.pnl));
  return all;
}

ScoreSummary summarise_scores(std::span<const double> z) {
  ScoreSummary summary;
  double squares = 0.0;
  for (const double value : z) {
    if (std::isnan(value)) continue;
    ++summary.count;
    squares += value * value;
    summary.largest = std::max(summary.largest, std::abs(value));
  }
  summary.root_mean_square = std::sqrt(squares / summary.count);
  return summary;
}

}  // namespace quotesweep
