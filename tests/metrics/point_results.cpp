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
  std::vector<double> pnl;
  for (int i = 0; i < 100; ++i) pnl.insert(pnl.end(), {1, -1, 3, 5});
  const auto r = results_of(state_of(pnl, 0.5), {.annualization = 4.0}, 0.5);
  const double sd = std::sqrt(100.0 * (1 + 9 + 1 + 9) / 399.0);
  REQUIRE(r.at("pnl") == Approx(2.0));
  REQUIRE(r.at("pnl_sd") == Approx(sd));
  REQUIRE(r.at("pnl_se") == Approx(sd / 20.0));
  REQUIRE(r.at("sharpe") == Approx(2.0 * 2.0 / sd));
  REQUIRE(r.at("sortino") == Approx(2.0 * 1.5 / std::sqrt(2.25 / 4)));
  REQUIRE(r.at("losing_paths") == 100.0);
}

TEST_CASE("an error that is not known to an eleventh is not told", "[metrics]") {
  std::mt19937_64 random(3);
  const auto few = results_of(state_of(sample(random, 20)));
  CHECK(std::isnan(few.at("pnl_se")));
  CHECK(std::isnan(few.at("sharpe_se")));
  CHECK(std::isfinite(few.at("sharpe")));
  CHECK(std::isnan(few.at("sortino")));
  const auto rare = [](std::size_t events, std::size_t paths) {
    std::vector<double> values(paths, 0.0);
    std::fill_n(values.begin(), events, 1.0);
    return summarise(values);
  };
  CHECK_FALSE(rare(29, 10'000).tells_error());
  CHECK(rare(31, 10'000).tells_error());
  CHECK(rare(0, 100).tells_error());  // 0, as its definition says
}

TEST_CASE("a ratio is averaged only where its paths look as if it had a mean", "[metrics]") {
  std::mt19937_64 random(4);
  std::cauchy_distribution<double> no_mean;
  std::normal_distribution<double> normal;
  std::vector<std::vector<double>> values(quantity_count, std::vector<double>(5'000));
  PathRows rows;
  for (std::size_t i = 0; i < values.size(); ++i) rows.rows[i] = values[i].data();
  auto& ratios = values[static_cast<std::size_t>(PathQuantity::path_sortino)];
  const auto found = [&] {
    const MetricTerms terms{.quantiles = Quantiles::always};
    const auto results = point_results(summarise_paths(rows, 5'000, terms), terms, 0.0);
    const auto definitions = result_definitions(terms);
    std::map<std::string, double> named;
    for (std::size_t i = 0; i < results.size(); ++i) named[definitions[i].name] = results[i];
    return named;
  };
  for (auto& ratio : ratios) ratio = 3.0 + normal(random);
  const auto with = found();
  CHECK(with.at("path_sortino") == Approx(3.0).margin(0.06));
  CHECK(with.at("path_sortino_q50") == Approx(3.0).margin(0.08));
  for (auto& ratio : ratios) ratio = 3.0 + no_mean(random);
  const auto without = found();
  for (const char* name : {"path_sortino", "path_sortino_sd", "path_sortino_se"})
    CHECK(std::isnan(without.at(name)));
  CHECK(without.at("path_sortino_kurtosis") > 10.0);
  // Quartiles of a Cauchy law are 1 from its median; its density there is 1/(2 pi).
  CHECK(without.at("path_sortino_q50") == Approx(3.0).margin(0.1));
  CHECK(without.at("path_sortino_q75") == Approx(4.0).margin(0.2));
  CHECK(without.at("path_sortino_q25") == Approx(2.0).margin(0.2));
  CHECK(without.at("path_sortino_q75_se") ==
        Approx(std::sqrt(0.25 * 0.75 / 5'000.0) * 2.0 * std::acos(-1.0)).epsilon(0.3));
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
