#include "experiment/experiment.hpp"

#include <utility>

#include "replay/replay_results.hpp"

namespace quotesweep {

std::vector<ResultDefinition> study_definitions(const Study& study) {
  const auto windows = static_cast<std::size_t>(study.scenario.windows_of_replay);
  return study.tape ? replay_definitions(symbol_names(*study.tape), windows)
                    : result_definitions(study.scenario.metrics);
}

std::vector<std::string> study_state_columns(const Study& study) {
  if (!study.tape) return state_columns(study.scenario.metrics);
  std::vector<std::string> names;  // a replay is done at once: its state is what it found
  for (const auto& result : study_definitions(study))
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
      simulation_(study_.tape ? make_replay(study_, threads) : make_monte_carlo(study_, threads)) {}

Experiment::~Experiment() = default;

}  // namespace quotesweep
