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

Experiment::Experiment(Study study, int threads)
    : study_(std::move(study)),
      threads_(threads),
      width_(study_state_columns(study_).size()),
      simulation_(study_.tape ? make_replay(study_, threads) : make_monte_carlo(study_, threads)) {}

Experiment::~Experiment() = default;

}  // namespace quotesweep
