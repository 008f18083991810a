#include "sim/scenario.hpp"

#include <algorithm>
#include <cmath>

#include "strategy/glft.hpp"

namespace quotesweep {

void check_scenario(const Scenario& scenario) {
  step_count(scenario.market);
  steps_per_interval(scenario.metrics, scenario.market);
  if (scenario.strategy.name == StrategyName::glft)
    check_glft(scenario.strategy, scenario.market, scenario.fills, inventory_range(scenario));
}

InventoryRange inventory_range(const Scenario& scenario) {
  const auto limit = static_cast<std::int64_t>(scenario.risk.q_max);
  const auto start = static_cast<std::int64_t>(std::abs(scenario.account.initial_inventory));
  return {limit, std::min(std::max(limit, start), start + step_count(scenario.market))};
}

double path_target(const Scenario& scenario) {
  const auto intervals =
      step_count(scenario.market) / steps_per_interval(scenario.metrics, scenario.market);
  return scenario.metrics.target * static_cast<double>(intervals);
}

}  // namespace quotesweep
