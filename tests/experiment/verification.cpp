#include "experiment/verification.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "experiment/experiment.hpp"
#include "experiment/small_study.hpp"
#include "sim/exact_moments.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

std::vector<Comparison> comparisons(const Study& study) {
  Experiment experiment(study, 1);
  const auto state = experiment.evaluate({0, 1, 0, study.blocks()});
  return compare_with_exact(point_input(study, 0), read_state(state));
}

const Comparison& named(const std::vector<Comparison>& all, const std::string& metric) {
  for (const auto& one : all)
    if (one.metric == metric) return one;
  throw std::runtime_error(metric);
}

}  // namespace

TEST_CASE("every comparison is a mean, an sd or the Sharpe ratio with its error", "[experiment]") {
  Study study = small_study();
  study.paths = 64 * 300;
  const auto all = comparisons(study);
  REQUIRE(all.size() == 11);
  const auto exact = exact_moments(point_input(study, 0));
  CHECK(named(all, "pnl").exact == exact.pnl.mean);
  CHECK(named(all, "pnl_sd").exact == std::sqrt(exact.pnl.variance));
  CHECK(named(all, "sharpe").exact == exact.pnl.mean / std::sqrt(exact.pnl.variance));
  for (const auto& one : all) {
    CAPTURE(one.metric, one.exact, one.simulated, one.standard_error);
    CHECK(std::abs(one.z()) < 4.5);
    CHECK(one.standard_error > 0.0);
  }
}

TEST_CASE("what is wrong by many standard errors is seen", "[experiment]") {
  CHECK(Comparison{"x", 1.0, 1.5, 0.1}.z() == Approx(5.0));
  CHECK(Comparison{"x", 1.0, 1.0, 0.0}.z() == 0.0);
  CHECK(std::isinf(Comparison{"x", 1.0, 1.1, 0.0}.z()));
  CHECK(std::isnan(Comparison{"x", 1.0, std::nan(""), 0.1}.z()));
}

TEST_CASE("events rarer than the paths fail no check", "[experiment]") {
  Study study = small_study();
  study.scenario.market.sigma = 0.0;
  study.scenario.fills.arrival_rate = 1e-9;
  for (const auto& one : comparisons(study)) {
    CAPTURE(one.metric, one.exact, one.simulated, one.standard_error);
    CHECK_FALSE(std::abs(one.z()) > 1.0);
  }
}

TEST_CASE("scores are summed up without those that are undefined", "[experiment]") {
  const auto summary = summarise_scores(std::vector{3.0, -4.0, std::nan("")});
  CHECK(summary.count == 2);
  CHECK(summary.largest == 4.0);
  CHECK(summary.root_mean_square == Approx(std::sqrt(12.5)));
}
