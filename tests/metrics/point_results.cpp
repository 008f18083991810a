#include "metrics/point_results.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <random>

using namespace quotesweep;

namespace {

/// State of a sample of P&L with everything else zero.
PointState state_of(const std::vector<double>& pnl, double target = 0.0) {
  std::vector<std::vector<double>> values(quantity_count, std::vector<double>(pnl.size()));
  values[0] = pnl;
  for (std::size_t i = 0; i < pnl.size(); ++i)
    values[static_cast<std::size_t>(PathQuantity::downside_square)][i] =
        std::pow(std::min(pnl[i] - target, 0.0), 2);
  PathRows rows;
  for (std::size_t i = 0; i < values.size(); ++i) rows.rows[i] = values[i].data();
  return summarise_paths(rows, pnl.size(), {.quantiles = Quantiles::never});
}

std::map<std::string, double> results_of(const PointState& state, const MetricTerms& terms = {},
                                         double target = 0.0) {
  const auto definitions = result_definitions({.quantiles = Quantiles::never});
  const auto values = point_results(state, terms, target);
  REQUIRE(values.size() == definitions.size());
  std::map<std::string, double> named;
  for (std::size_t i = 0; i < values.size(); ++i) named[definitions[i].name] = values[i];
  return named;
}

std::vector<double> sample(std::mt19937_64& random, std::size_t n) {
  std::gamma_distribution<double> law(2.0, 1.5);  // skewed, with losses after the shift
  std::vector<double> x(n);
  for (auto& v : x) v = law(random) - 1.2;
  return x;
}

}  // namespace

TEST_CASE("sharpe and sortino are what their definitions say", "[metrics]") {
  const auto r = results_of(state_of({1, -1, 3, 5}, 0.5), {.annualization = 4.0}, 0.5);
  const double sd = std::sqrt((1 + 9 + 1 + 9) / 3.0);
  REQUIRE(r.at("pnl") == Approx(2.0));
  REQUIRE(r.at("pnl_sd") == Approx(sd));
  REQUIRE(r.at("pnl_se") == Approx(sd / 2));
  REQUIRE(r.at("sharpe") == Approx(2.0 * 2.0 / sd));
  REQUIRE(r.at("sortino") == Approx(2.0 * 1.5 / std::sqrt(2.25 / 4)));
}

TEST_CASE("what is undefined is NaN and counted", "[metrics]") {
  const auto gains = results_of(state_of({1, 2, 3}));
  REQUIRE(std::isnan(gains.at("sortino")));
  REQUIRE(std::isnan(gains.at("sortino_se")));
  const auto constant = results_of(state_of({2, 2, 2}));
  REQUIRE(std::isnan(constant.at("sharpe")));
  REQUIRE(constant.at("path_sharpe_undefined") == 0.0);
  const auto single = results_of(state_of({2}));
  REQUIRE(std::isnan(single.at("pnl_sd")));
  REQUIRE(single.at("pnl") == 2.0);
}

TEST_CASE("standard errors of sharpe and sortino are the spread of replications", "[metrics]") {
  std::mt19937_64 random(12);
  constexpr int replications = 2000;
  std::vector<double> sharpes, sortinos;
  double sharpe_se = 0, sortino_se = 0;
  for (int i = 0; i < replications; ++i) {
    const auto r = results_of(state_of(sample(random, 2000)));
    sharpes.push_back(r.at("sharpe"));
    sortinos.push_back(r.at("sortino"));
    sharpe_se += r.at("sharpe_se") / replications;
    sortino_se += r.at("sortino_se") / replications;
  }
  // The standard deviation over 2,000 replications has itself an error of 1.6 %.
  REQUIRE(std::sqrt(summarise(sharpes).variance()) == Approx(sharpe_se).epsilon(0.06));
  REQUIRE(std::sqrt(summarise(sortinos).variance()) == Approx(sortino_se).epsilon(0.06));
}
