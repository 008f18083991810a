#pragma once

#include <cstdint>

#include "market/account.hpp"
#include "market/fill_model.hpp"
#include "market/price_process.hpp"
#include "metrics/path_metric.hpp"
#include "risk/risk_rule.hpp"
#include "strategy/strategy.hpp"

namespace quotesweep {

/// Everything that one simulation needs.
struct Scenario {
  PriceProcess market;
  FillModel fills;
  StrategyTerms strategy;
  RiskTerms risk;
  AccountTerms account;
  MetricTerms metrics;
};

/// What holds between several parameters. Throws Error where T/dt is not an integer, the metrics
/// clock does not divide the horizon, or a strategy's table would be too large.
void check_scenario(const Scenario& scenario);

/// Inventories that are possible: within the risk limit, or on the way back to it, and at most one
/// unit per step from the start.
InventoryRange inventory_range(const Scenario& scenario);

/// P&L below which a path counts as a loss: metrics.target x clock intervals per path [price].
double path_target(const Scenario& scenario);

}  // namespace quotesweep
