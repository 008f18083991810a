#include "experiment/experiment.hpp"

#include <limits>
#include <utility>

#include "experiment/point_warnings.hpp"
#include "replay/replay_results.hpp"

namespace quotesweep {

namespace {

/// What a simulation finds of a point.
std::vector<ResultDefinition> found_definitions(const Study& study) {
  const auto windows = static_cast<std::size_t>(study.scenario.windows_of_replay);
  return study.tape ? replay_definitions(symbol_names(*study.tape), windows)
                    : result_definitions(study.scenario.metrics);
}

}  // namespace

std::vector<ResultDefinition> study_definitions(const Study& study) {
  auto all = found_definitions(study);
  all.push_back({"warnings", "1",
                 "what is rarely meant, or has left the model: sum of " + flag_meanings(),
                 ResultDefinition::Kind::count, "lower"});
  return all;
}

std::vector<std::string> study_state_columns(const Study& study) {
  if (!study.tape) return state_columns(study.scenario.metrics);
  std::vector<std::string> names;  // a replay is done at once: its state is what it found
  for (const auto& result : found_definitions(study))
    names.insert(names.end(), result.length, result.name);
  return names;
}

std::uint64_t blocks_in_state(const Study& study, std::span<const double> state) {
  if (state.size() != study_state_columns(study).size()) return 0;
  if (study.tape) return 1;
  const double blocks = read_state(state).paths / static_cast<double>(study.block);
  const auto whole = static_cast<std::uint64_t>(blocks);
  return static_cast<double>(whole) == blocks && whole <= study.blocks() ? whole : 0;
}

Experiment::Experiment(Study study, int threads)
    : study_(std::move(study)),
      threads_(threads),
      width_(study_state_columns(study_).size()),
      simulation_(study_.tape ? make_replay(study_, threads) : make_monte_carlo(study_, threads)) {
  std::size_t place = 0;
  for (const auto& result : found_definitions(study_)) {
    places_.emplace(result.name, place);
    place += result.length;
  }
}

Experiment::~Experiment() = default;

std::vector<double> Experiment::results(std::uint64_t point, std::span<const double> state) const {
  auto results = simulation_->results(point, state);
  const auto found = [&](std::string_view name) {
    const auto place = places_.find(name);
    return place == places_.end() ? std::numeric_limits<double>::quiet_NaN()
                                  : results[place->second];
  };
  results.push_back(found_flags(study_, point, found));
  return results;
}

}  // namespace quotesweep
