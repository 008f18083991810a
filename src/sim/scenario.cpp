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

namespace {

bool shapes_quotes(const StrategyTerms& s) {
  return s.horizon != 0.0 || s.fair_value != FairValue::mid || s.min_half_spread != 0.0 ||
         s.max_half_spread != 0.0 || s.phi != 0.0 || s.pair_bias != 0.0 || s.quantity != 1.0 ||
         s.size_volatility != 0.0 || s.size_inventory != 0.0 || s.pair_quantity != 0.0;
}

bool limits_more_than_inventory(const RiskTerms& r) {
  return r.leverage != 0.0 || r.drawdown_stop != 0.0 || r.var_limit != 0.0 || r.kill_loss != 0.0 ||
         r.max_orders != 0.0 || r.open_orders < 2.0;
}

bool has_structure(const Scenario& s) {
  return s.market.model != MarketModel::brownian || s.market.drift != 0.0 || s.book.tick > 0.0 ||
         s.book.imbalance_sd > 0.0 || s.spike.length > 0.0;
}

}  // namespace

bool needs_desk(const Scenario& s) {
  return s.metrics.detail == Detail::full || has_structure(s) || shapes_quotes(s.strategy) ||
         limits_more_than_inventory(s.risk) || signal_needs(s).variance;
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
