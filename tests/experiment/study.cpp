#include "experiment/study.hpp"

#include <catch2/catch.hpp>
#include <functional>
#include <optional>
#include <set>

#include "base/error.hpp"
#include "experiment/parameter.hpp"
#include "experiment/small_study.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;
using Catch::Matchers::Contains;

namespace {

/// An allowed value that is not the small study's own; nothing where there is only one.
std::optional<double> another_value(const Parameter& parameter) {
  const double now = parameter.get(small_study_with(parameter).scenario);
  for (const double value : {1.0, 0.0, 2.0, 0.25, 0.75, 100.0})
    if (value != now && value_problem(parameter, value).empty()) return value;
  return std::nullopt;
}

std::string text_after(const std::function<void(Study&)>& change) {
  Study study = small_study();
  change(study);
  return resolved_text(study);
}

}  // namespace

TEST_CASE("the resolved text changes with every parameter", "[experiment]") {
  for (const auto& parameter : parameters()) {
    const auto value = another_value(parameter);
    INFO(parameter.name);
    REQUIRE(value);
    Study study = small_study_with(parameter);
    const auto before = resolved_text(study);
    parameter.set(study.scenario, *value);
    CHECK(resolved_text(study) != before);
  }
}

TEST_CASE("the resolved text changes with everything else that decides results", "[experiment]") {
  const auto before = resolved_text(small_study());
  CHECK(text_after([](Study& s) { s.paths += 1; }) != before);
  CHECK(text_after([](Study& s) { s.block = 32; }) != before);
  CHECK(text_after([](Study& s) { s.seed = 2; }) != before);
  CHECK(text_after([](Study& s) { s.common_random_numbers = false; }) != before);
  CHECK(text_after([](Study& s) { s.precision = Precision::double_; }) != before);
  CHECK(text_after([](Study& s) { s.design.kind = DesignKind::list; }) != before);
  CHECK(text_after([](Study& s) { s.design.axes[1].values[2] = 4; }) != before);
  CHECK(text_after([](Study& s) { s.design.axes[0].parameter = "fills.k"; }) != before);
  CHECK(text_after([](Study& s) { s.design.axes.pop_back(); }) != before);
  CHECK(text_after([](Study& s) { std::swap(s.design.axes[0], s.design.axes[1]); }) != before);
  CHECK(text_after([](Study& s) { s.design.axes[0].values[0] += 1e-17; }) != before);
}

TEST_CASE("quantiles are kept where nothing else is said and points are few", "[experiment]") {
  Study study = small_study();
  CHECK(study.quantiles() == Quantiles::always);
  study.scenario.metrics.quantiles = Quantiles::automatic;
  study.design.axes = {{"strategy.gamma", std::vector<double>(most_points_with_quantiles + 1)}};
  settle(study);
  CHECK(study.quantiles() == Quantiles::never);
  study.scenario.metrics.quantiles = Quantiles::always;
  settle(study);
  CHECK(study.quantiles() == Quantiles::always);
}

TEST_CASE("lanes are double where single precision would show, unless told otherwise",
          "[experiment]") {
  const auto precision_of = [](double horizon, double dt, std::vector<double> rates) {
    Study study;
    study.scenario.market.horizon = horizon;
    study.scenario.market.dt = dt;
    study.design.axes = {{"fills.A", std::move(rates)}};
    settle(study);
    return study.precision;
  };
  CHECK(precision_of(1.0, 0.005, {100, 180}) == Precision::single_);
  CHECK(precision_of(1.0, 1e-6, {100, 180}) == Precision::single_);     // few fills, many steps
  CHECK(precision_of(1000.0, 0.005, {10, 180}) == Precision::double_);  // at one of the points
  CHECK(precision_of(1000.0, 0.1, {10, 180}) == Precision::single_);    // two fills a step at most
  Study study;
  study.scenario.market.horizon = 1000.0;
  study.choose_precision = false;
  settle(study);
  CHECK(study.precision == Precision::single_);
}

TEST_CASE("the resolved text does not change with what leaves the results alone", "[experiment]") {
  const auto before = resolved_text(small_study());
  CHECK(text_after([](Study& s) { s.name = "other"; }) == before);
  CHECK(text_after([](Study& s) { s.output = "elsewhere.h5"; }) == before);
  CHECK(text_after([](Study& s) { s.yaml = "# a comment"; }) == before);
  CHECK(text_after([](Study& s) { s.paths -= 1; }) == before);  // rounded up to whole blocks
  CHECK(study_hash(small_study()).size() == 64);
  Study other = small_study();
  other.seed = 2;
  CHECK(study_hash(other) != study_hash(small_study()));
}

TEST_CASE("the scenario of a point has the swept values and the study's others", "[experiment]") {
  const Study study = small_study();
  const Scenario scenario = point_scenario(study, 6);
  for (const auto& parameter : parameters()) {
    INFO(parameter.name);
    const double expected = parameter.name == "strategy.gamma" ? 0.1
                            : parameter.name == "risk.q_max"   ? 3
                                                               : parameter.get(study.scenario);
    CHECK(parameter.get(scenario) == expected);
  }
}

TEST_CASE("with common random numbers all points have the seed as their key", "[experiment]") {
  Study study = small_study();
  study.seed = 77;
  for (std::uint64_t point = 0; point < study.design.size(); ++point)
    CHECK(draw_key(study, point) == 77);
}

TEST_CASE(
    "without common random numbers the key follows seed and values, not the number of the "
    "point",
    "[experiment]") {
  Study study = small_study();
  study.common_random_numbers = false;
  std::set<std::uint64_t> keys;
  for (const std::uint64_t seed : {1, 2, 11}) {
    study.seed = seed;
    for (std::uint64_t point = 0; point < study.design.size(); ++point)
      keys.insert(draw_key(study, point));
  }
  CHECK(keys.size() == 3 * study.design.size());
  Study finer = study;
  finer.design.axes[0].values = {0.01, 0.05, 0.07, 0.1};
  CHECK(draw_key(finer, 3 * 4 + 2) == draw_key(study, 1 * 4 + 2));  // gamma 0.1, q_max 3
  Study renamed = study;
  renamed.design.axes[0].parameter = "fills.k";
  CHECK(draw_key(renamed, 0) != draw_key(study, 0));
}

TEST_CASE("a point whose horizon is no whole number of steps is named", "[experiment]") {
  Study study = small_study();
  CHECK_NOTHROW(check_points(study));
  study.design.axes = {{"strategy.gamma", {0.1, 0.2}}, {"market.dt", {0.05, 0.3}}};
  CHECK_THROWS_WITH(check_points(study),
                    Contains("point 1") && Contains("market.dt = 0.3") && Contains("T/dt"));
  study.design.axes = {{"metrics.clock", {0.1, 0.5, 0.07}}};
  CHECK_THROWS_WITH(check_points(study), Contains("point 2") && Contains("metrics.clock = 0.07"));
  study.design.axes = {{"strategy.gamma", {0.1, 0.2}}};
  study.scenario.market.dt = 0.3;
  CHECK_THROWS_WITH(check_points(study), Contains("market.dt = 0.3") && !Contains("point 0"));
}
