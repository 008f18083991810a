#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cstring>

#include "experiment/experiment.hpp"
#include "experiment/parameter.hpp"
#include "replay/complete_replay.hpp"
#include "sim/complete_scenario.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

/// Bars on which replays trade, on the ticks of theirs.
std::shared_ptr<const Tape> restless_tape() {
  static const auto tape = std::make_shared<const Tape>(on_ticks(walk_tape(400, 0.006, 2), 0.02));
  return tape;
}

/// A study of one point.
Study study_of(const Scenario& scenario) {
  Study study;
  study.scenario = scenario;
  if (is_replay(scenario)) study.tape = restless_tape();
  study.paths = study.block = 256;
  study.choose_precision = false;
  return study;
}

/// All results of the study's point, NaN for NaN.
std::vector<double> results_of(Study study) {
  settle(study);
  check_points(study);
  Experiment experiment(study, 1);
  const auto state = experiment.evaluate({0, 1, 0, 1});
  return experiment.results(0, state);
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

/// Other values worth trying.
std::vector<double> other_values(const Parameter& parameter, double now) {
  std::vector<double> values;
  for (const double value :
       {now / 2.0, 2.0 * now, now + 1.0, now - 1.0, now + 0.1, now - 0.1, 0.0, 1.0, 2.0})
    if (value != now && value_problem(parameter, value).empty()) values.push_back(value);
  return values;
}

/// Changes the scenario so that a parameter applies in it ("section.key: choice or ...").
void make_applicable(const Parameter& parameter, Scenario& scenario) {
  if (parameter.applies(scenario)) return;
  const auto text = parameter.applies_where();
  const auto colon = text.find(": ");
  const auto& other = find_parameter(text.substr(0, colon));
  const auto choice = text.substr(colon + 2, text.find(" or ", colon) - colon - 2);
  for (std::size_t i = 0; i < other.choices.size(); ++i)
    if (other.choices[i] == choice) other.set(scenario, static_cast<double>(i));
}

/// Whether some other value of the parameter changes the results of a scenario.
bool matters(const Parameter& parameter, Scenario scenario) {
  if (!is_replay(scenario)) make_applicable(parameter, scenario);
  if (!parameter.applies(scenario)) return false;
  const auto before = results_of(study_of(scenario));
  for (const double value : other_values(parameter, parameter.get(scenario))) {
    Scenario changed = scenario;
    parameter.set(changed, value);
    try {
      if (!same_bits(results_of(study_of(changed)), before)) return true;
    } catch (const std::exception&) {
      // a value that does not go with the others
    }
  }
  return false;
}

}  // namespace

TEST_CASE("no parameter is dead: each changes the results where it applies", "[experiment]") {
  for (const auto& parameter : parameters()) {
    if (parameter.engines == Engines::replay) continue;
    bool found = false;
    for (int variant = 0; variant < 4 && !found; ++variant)
      found = matters(parameter, complete_scenario(variant));
    INFO(parameter.name);
    CHECK(found);
  }
}

TEST_CASE("every number of a complete market maker can be swept, alone and together",
          "[experiment]") {
  for (const auto& parameter : parameters()) {
    if (!parameter.sweepable() || parameter.engines == Engines::replay) continue;
    Scenario scenario = complete_scenario(0);
    make_applicable(parameter, scenario);
    Study study = study_of(scenario);
    for (const double value : other_values(parameter, parameter.get(scenario))) {
      study.design.axes = {{std::string(parameter.name), {parameter.get(scenario), value}}};
      Study alone = study_of(scenario);
      parameter.set(alone.scenario, value);
      INFO(parameter.name << " = " << value);
      try {
        check_points(study);
      } catch (const std::exception&) {
        continue;  // a value that does not go with the others
      }
      settle(study);
      Experiment experiment(study, 2);
      const auto states = experiment.evaluate({0, 2, 0, 1});
      const auto width = experiment.width();
      CHECK(same_bits(experiment.results(1, std::span(states).subspan(width, width)),
                      results_of(alone)));
      break;
    }
  }
}

TEST_CASE("no parameter of a replay is dead: each changes the results where it applies",
          "[experiment]") {
  for (const auto& parameter : parameters()) {
    if (parameter.engines == Engines::monte_carlo || parameter.name == "market.model") continue;
    bool found = false;
    for (int variant = 0; variant < complete_replays && !found; ++variant)
      found = matters(parameter, complete_replay(variant));
    INFO(parameter.name);
    CHECK(found);
  }
}

TEST_CASE("what does not apply in a replay changes nothing", "[experiment]") {
  for (int variant = 0; variant < complete_replays; ++variant) {
    const Scenario scenario = complete_replay(variant);
    const auto before = results_of(study_of(scenario));
    for (const auto& parameter : parameters()) {
      if (parameter.applies(scenario) || parameter.name == "market.model") continue;
      for (const double value : other_values(parameter, parameter.get(scenario))) {
        Scenario changed = scenario;
        parameter.set(changed, value);
        INFO(parameter.name << " = " << value << " in variant " << variant);
        CHECK(same_bits(results_of(study_of(changed)), before));
      }
    }
  }
}

TEST_CASE("everything of a replay can be swept, choices and flags, too", "[experiment]") {
  for (const auto& parameter : parameters()) {
    if (!parameter.sweepable() || parameter.engines == Engines::monte_carlo ||
        parameter.section() == "metrics" || parameter.name == "market.dt")
      continue;
    for (int variant = 0; variant < complete_replays; ++variant) {
      const Scenario scenario = complete_replay(variant);
      if (!parameter.applies(scenario)) continue;
      Study study = study_of(scenario);
      const double now = parameter.get(scenario);
      for (const double value : other_values(parameter, now)) {
        study.design.axes = {{std::string(parameter.name), {now, value}}};
        Study alone = study_of(scenario);
        parameter.set(alone.scenario, value);
        INFO(parameter.name << " = " << value << " in variant " << variant);
        settle(study);
        Experiment experiment(study, 1);
        const auto states = experiment.evaluate({0, 2, 0, 1});
        const auto width = experiment.width();
        CHECK(same_bits(experiment.results(1, std::span(states).subspan(width, width)),
                        results_of(alone)));
        break;
      }
    }
  }
}
