#include "sim/scenario.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "strategy/glft.hpp"

namespace quotesweep {
namespace {

/// So near to a whole number of lots a number of them is that number, as a share of itself.
constexpr double lot_slack = 1e-9;

double whole_at_or_below(double lots) {
  return std::floor(lots + lot_slack * std::max(1.0, std::abs(lots)));
}

bool is_whole(double lots) {
  return std::abs(lots - std::round(lots)) <= lot_slack * std::max(1.0, std::abs(lots));
}

bool sizes_vary(const Scenario& s) {
  return s.strategy.size_volatility > 0.0 || s.strategy.size_inventory > 0.0 ||
         s.risk.leverage > 0.0;
}

bool starts_between_lots(const Scenario& s) {
  return !is_whole(s.account.initial_inventory / s.strategy.quantity);
}

}  // namespace

bool holds_whole_lots(const Scenario& scenario) {
  return !sizes_vary(scenario) && !starts_between_lots(scenario);
}

Scenario in_lots(const Scenario& scenario) {
  const double lot = scenario.strategy.quantity;
  Scenario s = scenario;
  s.strategy.quantity = 1.0;
  s.strategy.gamma *= lot;
  s.strategy.phi *= lot;
  s.strategy.pair_quantity /= lot;
  s.risk.q_max /= lot;
  s.book.depth /= lot;
  s.account.initial_inventory /= lot;
  s.account.capital /= lot;
  s.metrics.target /= lot;
  if (holds_whole_lots(scenario)) s.risk.q_max = whole_at_or_below(s.risk.q_max);
  if (!starts_between_lots(scenario))
    s.account.initial_inventory = std::round(s.account.initial_inventory);
  return s;
}

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
         s.max_half_spread != 0.0 || s.phi != 0.0 || s.pair_bias != 0.0 ||
         s.size_volatility != 0.0 || s.size_inventory != 0.0 || s.pair_quantity != 0.0;
}

bool limits_more_than_inventory(const RiskTerms& r) {
  return r.leverage != 0.0 || r.drawdown_stop != 0.0 || r.var_limit != 0.0 || r.kill_loss != 0.0 ||
         r.max_orders != 0.0 || r.open_orders < 2.0;
}

/// Keys that are for orders; of these a replay has more.
bool shapes_orders(const Scenario& s) {
  return s.orders.post_only || starts_between_lots(s);
}

bool has_structure(const Scenario& s) {
  return s.market.model != MarketModel::brownian || s.market.drift != 0.0 || s.book.tick > 0.0 ||
         s.book.imbalance_sd > 0.0 || s.spike.length > 0.0;
}

}  // namespace

bool needs_desk(const Scenario& s) {
  return s.metrics.detail == Detail::full || has_structure(s) || shapes_quotes(s.strategy) ||
         shapes_orders(s) || limits_more_than_inventory(s.risk) || signal_needs(s).variance;
}

void check_limits(const Scenario& s) {
  if (s.risk.q_max < s.strategy.quantity && !is_whole(s.risk.q_max / s.strategy.quantity))
    throw Error(
        "risk.q_max = {} (must be at least one order, strategy.quantity = {}); raise it, or lower "
        "strategy.quantity",
        s.risk.q_max, s.strategy.quantity);
  if (std::isinf(s.risk.q_max) && s.strategy.size_inventory > 0.0)
    throw Error(
        "strategy.size_inventory = {} (needs a finite risk.q_max, at which that share of a size is "
        "taken away); set risk.q_max",
        s.strategy.size_inventory);
}

void check_scenario(const Scenario& scenario) {
  step_count(scenario.market);
  if (signal_needs(scenario).pair) check_pair_terms(scenario.signal.pair);
  steps_per_interval(scenario.metrics, scenario.market);
  check_limits(scenario);
  if (scenario.strategy.name != StrategyName::glft) return;
  const Scenario lots = in_lots(scenario);
  check_glft(lots.strategy, quoted_process(lots), lots.fills, inventory_range(lots));
}

InventoryRange inventory_range(const Scenario& scenario) {
  const auto limit = static_cast<std::int64_t>(
      std::min(scenario.risk.q_max, static_cast<double>(InventoryRange::endless)));
  const auto start =
      static_cast<std::int64_t>(std::ceil(std::abs(scenario.account.initial_inventory)));
  return {limit, std::min(std::max(limit, start), start + step_count(scenario.market)),
          holds_whole_lots(scenario)};
}

double path_target(const Scenario& scenario) {
  const auto intervals =
      step_count(scenario.market) / steps_per_interval(scenario.metrics, scenario.market);
  return scenario.metrics.target * static_cast<double>(intervals);
}

}  // namespace quotesweep
