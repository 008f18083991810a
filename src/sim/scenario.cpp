#include "sim/scenario.hpp"

#include <algorithm>
#include <cmath>

#include "strategy/glft.hpp"

namespace quotesweep {

MarketTerms market_terms(const Scenario& scenario) {
  return {scenario.market, scenario.book, scenario.pair, scenario.spike};
}

PriceProcess quoted_process(const Scenario& scenario) {
  PriceProcess process = scenario.market;
  process.sigma = traded_sigma(scenario.market, scenario.pair);
  return process;
}

SignalNeeds signal_needs(const Scenario& scenario) {
  const auto& strategy = scenario.strategy;
  const bool pair = scenario.market.model == MarketModel::cointegrated;
  return {
      .variance = scenario.signal.volatility != Volatility::model,
      .imbalance = strategy.fair_value == FairValue::microprice && scenario.book.imbalance_sd > 0.0,
      .pair = pair && (strategy.pair_bias != 0.0 || strategy.pair_quantity != 0.0)};
}

bool needs_desk(const Scenario& s) {
  const StrategyTerms bare{.name = s.strategy.name,
                           .gamma = s.strategy.gamma,
                           .half_spread = s.strategy.half_spread,
                           .form = s.strategy.form,
                           .floor_quotes = s.strategy.floor_quotes};
  const PriceProcess plain{.initial_price = s.market.initial_price,
                           .sigma = s.market.sigma,
                           .horizon = s.market.horizon,
                           .dt = s.market.dt,
                           .moves = s.market.moves};
  return s.metrics.detail == Detail::full || !(s.strategy == bare) || !(s.market == plain) ||
         !(s.risk == RiskTerms{.q_max = s.risk.q_max}) || s.book.tick > 0.0 ||
         s.book.imbalance_sd > 0.0 || s.spike.length > 0.0 || signal_needs(s).variance;
}

void check_scenario(const Scenario& scenario) {
  step_count(scenario.market);
  if (signal_needs(scenario).pair) check_pair_terms(scenario.signal.pair);
  steps_per_interval(scenario.metrics, scenario.market);
  if (scenario.strategy.name == StrategyName::glft)
    check_glft(scenario.strategy, quoted_process(scenario), scenario.fills,
               inventory_range(scenario));
}

InventoryRange inventory_range(const Scenario& scenario) {
  const double lot = scenario.strategy.quantity;
  const auto limit = static_cast<std::int64_t>(scenario.risk.q_max / lot);
  const auto start =
      static_cast<std::int64_t>(std::ceil(std::abs(scenario.account.initial_inventory) / lot));
  return {limit, std::min(std::max(limit, start), start + step_count(scenario.market))};
}

double path_target(const Scenario& scenario) {
  const auto intervals =
      step_count(scenario.market) / steps_per_interval(scenario.metrics, scenario.market);
  return scenario.metrics.target * static_cast<double>(intervals);
}

}  // namespace quotesweep
