#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <random>

#include "experiment/one_point.hpp"
#include "experiment/parameter.hpp"
#include "replay/complete_replay.hpp"
#include "sim/complete_scenario.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

/// Powers of money and of units of what is traded; a price is money per unit.
struct Dimension {
  double money = 0.0, units = 0.0;
};

/// By the words of units that parameters and results have; a new one has to be added.
Dimension dimension_of(std::string_view unit) {
  static const std::map<std::string_view, Dimension> known{
      {"money", {1, 0}},
      {"1 / money", {-1, 0}},
      {"units", {0, 1}},
      {"price", {1, -1}},
      {"price / time", {1, -1}},
      {"price / sqrt(time)", {1, -1}},
      {"1 / price", {-1, 1}},
      {"price / unit", {1, -2}},
      {"money / unit", {1, -1}},
      {"", {}},
      {"1", {}},
      {"time", {}},
      {"1 / time", {}},
      {"ticks", {}},
      {"steps", {}},
      {"bars", {}},
      {"bps", {}},
      {"half spreads", {}},
      {"sd", {}},
      {"clock intervals", {}},
  };
  INFO("unit '" << unit << "'");
  REQUIRE(known.contains(unit));
  return known.at(unit);
}

/// Other units: so many of the new ones in one of the old.
struct Change {
  double money, units;
  double factor(const Dimension& of) const {
    return std::pow(money, of.money) * std::pow(units, of.units);
  }
};

bool ladder_of_origin(const Scenario& s) {
  return s.strategy.name == StrategyName::stoikov || s.strategy.name == StrategyName::vanilla;
}

/// Of a parameter in a scenario: formulas of ladders that come from elsewhere have their own.
Dimension dimension_of(const Parameter& parameter, const Scenario& s) {
  if (ladder_of_origin(s) && parameter.name == "strategy.gamma") return {0, -1};
  if (ladder_of_origin(s) && parameter.name == "market.sigma") return {};
  if (is_replay(s) && parameter.name == "metrics.target") return {};  // a return
  return dimension_of(parameter.unit);
}

Study in_other_units(Study study, const Change& change) {
  auto& s = study.scenario;
  for (const auto& parameter : parameters())
    if (parameter.is_number())
      parameter.set(s, parameter.get(s) * change.factor(dimension_of(parameter, study.scenario)));
  if (!study.tape) return study;
  Tape tape = *study.tape;
  const double price = change.factor(dimension_of("price"));
  for (auto& bars : tape.symbols)
    for (auto* prices : {&bars.open, &bars.high, &bars.low, &bars.close})
      for (double& one : *prices) one *= price;
  study.tape = std::make_shared<const Tape>(std::move(tape));
  return study;
}

void check_change(const Study& study, const Change& change) {
  const auto here = results_by_name(study), there = results_by_name(in_other_units(study, change));
  REQUIRE(here.at("trades").value > 0.0);
  for (const auto& [name, result] : here) {
    const double expected = result.value * change.factor(dimension_of(result.unit));
    const double found = there.at(name).value;
    CAPTURE(change.money, change.units, name, expected, found);
    const double scale = change.factor(dimension_of(result.unit));
    if (std::isnan(expected))
      CHECK(std::isnan(found));
    else
      CHECK(found == Approx(expected).epsilon(1e-7).margin(1e-9 * scale));
  }
}

const Change changes[] = {{1.0, 1e-3}, {1.0, 1e3}, {0.1, 1.0},  {0.01, 1.0},
                          {1.0, 1e8},  {7.0, 1e6}, {1e-3, 1e-6}};

Study of_paths(const Scenario& scenario) {
  Study study;
  study.scenario = scenario;
  study.scenario.metrics.quantiles = Quantiles::never;  // whose bins are powers of two
  study.paths = study.block = 128;
  study.precision = Precision::double_;
  study.choose_precision = false;
  return study;
}

}  // namespace

TEST_CASE("another unit of money or of what is traded changes no simulated path", "[experiment]") {
  constexpr StrategyName names[] = {StrategyName::avellaneda_stoikov, StrategyName::symmetric,
                                    StrategyName::glft};
  int variant = 0;
  for (const auto& change : changes) {
    for (const auto name : names) {
      Scenario bare;
      bare.strategy.name = name;
      bare.strategy.form = GlftForm::asymptotic;
      bare.strategy.quantity = variant % 2 == 0 ? 1.0 : 0.3;
      bare.risk.q_max = 2.5;
      bare.account.initial_inventory = 0.6 * (variant % 3 - 1) * bare.strategy.quantity / 0.3;
      bare.account.fee_per_unit = 0.002;
      CAPTURE(variant, static_cast<int>(name));
      check_change(of_paths(bare), change);
      Scenario complete = complete_scenario(variant++);
      complete.strategy.name = name;
      complete.strategy.form = GlftForm::asymptotic;
      complete.orders.post_only = variant % 2 == 0;
      check_change(of_paths(complete), change);
    }
  }
}

TEST_CASE("another unit of money or of what is traded changes no replay", "[experiment]") {
  const auto tape = std::make_shared<const Tape>(
      on_ticks(walk_tape(250, 0.006, 2), complete_replay(0).book.tick));
  for (const auto& change : changes)
    for (int variant = 0; variant < complete_replays; ++variant) {
      Study study;
      study.scenario = complete_replay(variant);
      study.tape = tape;
      study.off_grid = OffGrid::round;
      CAPTURE(variant);
      check_change(study, change);
    }
}
