#include "metrics/tail_results.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <random>

using namespace quotesweep;

namespace {

constexpr double z05 = -1.6448536269514722, z01 = -2.3263478740408408;

double density(double z) {
  return std::exp(-0.5 * z * z) / std::sqrt(2.0 * std::acos(-1.0));
}

std::map<std::string, double> results_of(PathQuantity quantity, std::span<const double> values) {
  const SketchedQuantity sketched{quantity,
                                  may_lack_mean(quantity) ? Shape::quartiles : Shape::tails};
  std::vector<ResultDefinition> definitions;
  std::vector<double> results;
  add_tail_definitions(sketched, definitions);
  add_tail_results(sketch_of(sketched.shape, values), sketched, results);
  REQUIRE(results.size() == definitions.size());
  std::map<std::string, double> named;
  for (std::size_t i = 0; i < results.size(); ++i) named[definitions[i].name] = results[i];
  return named;
}

std::vector<double> normal(std::mt19937_64& random, std::size_t n) {
  std::normal_distribution<double> law;
  std::vector<double> values(n);
  for (auto& value : values) value = law(random);
  return values;
}

}  // namespace

TEST_CASE("tails of a normal sample have their known values and errors", "[metrics]") {
  std::mt19937_64 random(1);
  constexpr double n = 500'000;
  const auto r = results_of(PathQuantity::pnl, normal(random, static_cast<std::size_t>(n)));
  const auto expect = [&](const std::string& name, double value, double error) {
    CAPTURE(name);
    REQUIRE(r.at(name + "_se") == Approx(error).epsilon(0.05));
    REQUIRE(r.at(name) == Approx(value).margin(4.0 * error));
  };
  expect("pnl_q05", z05, std::sqrt(0.05 * 0.95 / n) / density(z05));
  expect("pnl_q50", 0.0, std::sqrt(0.25 / n) / density(0.0));
  expect("pnl_q99", -z01, std::sqrt(0.01 * 0.99 / n) / density(z01));
  // Of a standard normal law below z: mean -phi(z)/p, second moment 1 - z phi(z)/p.
  const double es = -density(z05) / 0.05, second = 1.0 + z05 * es;
  const double variance = second - es * es + 0.95 * (z05 - es) * (z05 - es);
  expect("pnl_es05", es, std::sqrt(variance / (0.05 * n)));
  REQUIRE(r.at("pnl_es01") < r.at("pnl_es05"));
}

TEST_CASE("where high is bad the shortfall is that of the highest", "[metrics]") {
  std::mt19937_64 random(2);
  auto values = normal(random, 100'000);
  const auto low = results_of(PathQuantity::pnl, values);
  for (auto& value : values) value = -value;
  const auto high = results_of(PathQuantity::max_drawdown, values);
  REQUIRE(high.at("max_drawdown_es95") == Approx(-low.at("pnl_es05")).epsilon(1e-9));
  REQUIRE(high.at("max_drawdown_es95_se") == Approx(low.at("pnl_es05_se")).epsilon(1e-6));
  REQUIRE(high.at("max_drawdown_q95") == Approx(-low.at("pnl_q05")).epsilon(1e-9));
}

TEST_CASE("intervals of two standard errors cover quantiles as often as they should", "[metrics]") {
  std::mt19937_64 random(3);
  int quantile = 0, shortfall = 0;
  constexpr int trials = 1000;
  const double es = -density(z05) / 0.05;
  for (int i = 0; i < trials; ++i) {
    const auto r = results_of(PathQuantity::pnl, normal(random, 4000));
    quantile += std::abs(r.at("pnl_q05") - z05) < 1.96 * r.at("pnl_q05_se");
    shortfall += std::abs(r.at("pnl_es05") - es) < 1.96 * r.at("pnl_es05_se");
  }
  CAPTURE(quantile, shortfall);
  REQUIRE((quantile >= 930 && quantile <= 970));
  REQUIRE((shortfall >= 930 && shortfall <= 970));
}

TEST_CASE("an error that too few paths decide is not given", "[metrics]") {
  std::mt19937_64 random(4);
  const auto r = results_of(PathQuantity::pnl, normal(random, 700));
  REQUIRE(std::isnan(r.at("pnl_q01_se")));
  REQUIRE(std::isnan(r.at("pnl_es01_se")));
  REQUIRE(std::isfinite(r.at("pnl_q01")));
  REQUIRE(std::isfinite(r.at("pnl_q05_se")));
}
