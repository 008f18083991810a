#pragma once

#include <cstdint>

#include "market/account.hpp"
#include "market/fill_model.hpp"
#include "market/order_terms.hpp"
#include "market/structure.hpp"
#include "metrics/path_metric.hpp"
#include "risk/margin_terms.hpp"
#include "risk/risk_rule.hpp"
#include "signal/signal_terms.hpp"
#include "strategy/ladder_terms.hpp"
#include "strategy/strategy.hpp"

namespace quotesweep {

/// How standard errors of a replay are found.
struct BootstrapChoice {
  double resamples = 500.0;
  double mean_block = 0.0;  // mean length of a block [clock intervals]; 0 is chosen by the program

  bool operator==(const BootstrapChoice&) const = default;
};

/// Everything that one simulation needs.
struct Scenario {
  PriceProcess market;
  FillModel fills;
  StrategyTerms strategy;
  RiskTerms risk;
  AccountTerms account;
  MetricTerms metrics;
  BookTop book;
  PairMarket pair;
  VolatilitySpike spike;
  SignalTerms signal;
  // Of a replay.
  OrderTerms orders;
  LadderTerms ladder;
  IndicatorWindows windows;
  MarginTerms margin;
  BootstrapChoice bootstrap;
  double windows_of_replay = 0.0;  // parts of a tape whose returns are kept apart; 0 is chosen
  double warm_up = 0.0;            // bars before the first quotes

  bool operator==(const Scenario&) const = default;
};

/// Whether it is a replay of a tape, not a simulation of paths.
inline bool is_replay(const Scenario& scenario) {
  return scenario.market.model == MarketModel::replay;
}

/// Whether every position is a whole number of lots: no size varies, and the start is one.
bool holds_whole_lots(const Scenario& scenario);

/// The same market maker counted in lots of `strategy.quantity` units, and its money in price x
/// lot: orders of one, the risk aversion per lot. Prices stay what they are. This is a change of
/// unit, by which nothing else changes: what it leaves is, in units and money, `strategy.quantity`
/// times its own. Where positions are whole lots the limit is, too: the greatest at or below q_max.
/// Engines simulate in lots, so that positions of whole lots are exact.
Scenario in_lots(const Scenario& scenario);

/// Everything about the market but arrivals.
MarketTerms market_terms(const Scenario& scenario);

/// The price process that strategies reckon with: a Brownian one with the traded asset's
/// volatility.
PriceProcess quoted_process(const Scenario& scenario);

/// Which signals the market maker uses.
SignalNeeds signal_needs(const Scenario& scenario);

/// Whether there is more to simulate than bare quotes of one lot on a Brownian mid.
bool needs_desk(const Scenario& scenario);

/// What holds between several parameters. Throws Error where T/dt is not an integer, the metrics
/// clock does not divide the horizon, a strategy's table would be too large, the limit of the
/// inventory leaves no order, or there is none where one is needed.
void check_scenario(const Scenario& scenario);

/// The last two of these, which depend on a point's limits and sizes alone.
void check_limits(const Scenario& scenario);

/// Inventories that are possible in a scenario `in_lots`: within the risk limit, or on the way back
/// to it, and at most one lot per step from the start.
InventoryRange inventory_range(const Scenario& scenario);

/// P&L below which a path counts as a loss: metrics.target x clock intervals per path [price].
double path_target(const Scenario& scenario);

}  // namespace quotesweep
