#include "sim/scenario.hpp"

namespace quotesweep {

void check_scenario(const Scenario& scenario) {
  step_count(scenario.market);
  steps_per_interval(scenario.metrics, scenario.market);
}

double path_target(const Scenario& scenario) {
  const auto intervals =
      step_count(scenario.market) / steps_per_interval(scenario.metrics, scenario.market);
  return scenario.metrics.target * static_cast<double>(intervals);
}

}  // namespace quotesweep
