#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "config/read_study.hpp"
#include "csv.hpp"
#include "metrics/point_results.hpp"
#include "sim/engine.hpp"
#include "sim/exact_moments.hpp"
#include "sim/run_point.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

constexpr int replications = 1000;
constexpr std::uint64_t paths = 4096;
constexpr std::uint64_t first_key = 1'000'000;         // of the replications; no study's seed
constexpr double normal_quantile = 1.959963984540054;  // 97.5 %

using Numbers = std::map<std::string, double>;  // by the name of a result

Numbers results_of(const Scenario& scenario, std::uint64_t key) {
  const PointInput point(scenario, key);
  PointState state;
  Engine(Precision::single_).simulate({&point, 1}, {0, paths}, {&state, 1});
  const auto values = point_results(state, scenario.metrics, path_target(scenario));
  const auto definitions = result_definitions({.quantiles = Quantiles::never});
  Numbers results;
  for (std::size_t i = 0; i < values.size(); ++i) results[definitions[i].name] = values[i];
  return results;
}

/// How many of the intervals value +- 1.96 standard errors hold the truth, by result.
std::map<std::string, int> count_covering(const Scenario& scenario, const Numbers& truth) {
  std::vector<Numbers> all(replications);
#pragma omp parallel for schedule(dynamic)
  for (int i = 0; i < replications; ++i)
    all[static_cast<std::size_t>(i)] = results_of(scenario, first_key + static_cast<unsigned>(i));
  std::map<std::string, int> covering;
  for (const auto& [name, value] : truth)
    for (const auto& results : all)
      covering[name] +=
          std::abs(results.at(name) - value) <= normal_quantile * results.at(name + "_se");
  return covering;
}

/// Of 1,000 intervals of 95 % it is 950 +- 7, so that 930 and 970 are 2.9 standard errors away.
void check_coverage(const std::string& cell, const Scenario& scenario, const Numbers& truth) {
  for (const auto& [name, covering] : count_covering(scenario, truth)) {
    CAPTURE(cell, name);
    fmt::print("{}: {} {:.1f} %\n", cell, name, 100.0 * covering / replications);
    CHECK(covering >= 930);
    CHECK(covering <= 970);
  }
}

Numbers exact_truth(const Scenario& scenario) {
  const auto pnl = exact_moments(PointInput(scenario, 0)).pnl;
  return {{"pnl", pnl.mean}, {"sharpe", pnl.mean / std::sqrt(pnl.variance)}};
}

double loss_probability(const Scenario& scenario) {
  int losses = 0;
  for (std::uint64_t first = 0; first < 8192; first += lane_count) {
    const auto results = run_point<float>(scenario, 1, first);
    for (int lane = 0; lane < lane_count; ++lane)
      losses += results.at(PathQuantity::pnl, lane) < 0.0;
  }
  return losses / 8192.0;
}

}  // namespace

TEST_CASE("intervals of the paper's own cell cover the exact value as often as they say",
          "[statistics]") {
  Scenario s;  // a Sharpe ratio of 9: its error is that of the standard deviation
  s.fills.probability = FillProbability::bernoulli;
  s.risk.q_max = 50;
  check_coverage("the paper's cell", s, exact_truth(s));
}

TEST_CASE("intervals of a skewed P&L cover the exact value as often as they say", "[statistics]") {
  Scenario s;  // two fills a path: skewness 0.7, which makes a Sharpe ratio of 1.4 more precise
  s.market.sigma = 0.5;
  s.fills.arrival_rate = 2.5;
  check_coverage("two fills", s, exact_truth(s));
}

TEST_CASE("intervals under a limit of one unit cover the exact value as often as they say",
          "[statistics]") {
  Scenario s;
  s.market.sigma = 8.0;
  s.strategy.gamma = 0.01;
  s.fills.arrival_rate = 30.0;
  s.risk.q_max = 1;
  check_coverage("one unit", s, exact_truth(s));
}

TEST_CASE("intervals of drawdown and sortino cover what 10^8 paths gave as often as they say",
          "[statistics]") {
  const std::string folder = SOURCE_DIR "/tests/statistics/";
  const auto study = read_study(folder + "long_run.yaml", {});
  const auto rows = read_csv(folder + "long_run.csv");
  REQUIRE(rows.size() == study.design.size());
  for (std::uint64_t point = 0; point < rows.size(); ++point) {
    const auto& row = rows[point];
    const auto scenario = point_scenario(study, point);
    REQUIRE(number(row, "sigma") == scenario.market.sigma);
    REQUIRE(number(row, "A") == scenario.fills.arrival_rate);
    const double losses = loss_probability(scenario);
    fmt::print("{}: loses with probability {:.3f}\n", point_text(study, point), losses);
    CHECK(losses > 0.2);
    Numbers truth;
    for (const auto* name : {"pnl", "max_drawdown", "sharpe", "sortino"}) {
      truth[name] = number(row, name);
      // Its own error, less than a hundredth of the intervals' width, is negligible.
      CHECK(number(row, std::string(name) + "_se") <
            0.01 * results_of(scenario, first_key).at(std::string(name) + "_se"));
    }
    check_coverage(point_text(study, point), scenario, truth);
    const auto exact = exact_truth(scenario);
    for (const auto& [name, value] : exact)
      CHECK(std::abs(truth[name] - value) < 4.5 * number(row, name + "_se"));
  }
}
