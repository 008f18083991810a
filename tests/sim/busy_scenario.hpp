#pragma once

#include "sim/scenario.hpp"

namespace quotesweep::testing {

/// A scenario with every feature on, varied by `variant`.
inline Scenario busy_scenario(int variant) {
  Scenario s;
  s.market = {.initial_price = 50.0,
              .sigma = 1.5,
              .horizon = 1.15,
              .dt = 0.01,
              .moves = variant % 2 == 0 ? Moves::normal : Moves::binomial};
  s.fills = {
      .arrival_rate = 60.0,
      .decay = 1.2,
      .probability = variant % 3 == 0 ? FillProbability::bernoulli : FillProbability::poisson};
  s.strategy.gamma = 0.3;
  s.strategy.name = variant % 5 == 4 ? StrategyName::symmetric : StrategyName::avellaneda_stoikov;
  s.strategy.floor_quotes = variant % 4 == 1;
  s.risk.q_max = 1 + variant % 4;
  s.account = {.capital = 300.0,
               .initial_inventory = variant % 6 == 5 ? -2.0 : 0.0,
               .maker_fee = variant % 3 == 1 ? -0.0004 : 0.0003,
               .fee_per_unit = variant % 4 == 2 ? 0.05 : 0.0};
  s.metrics.quantiles = variant % 2 == 0 ? Quantiles::always : Quantiles::never;
  return s;
}

}  // namespace quotesweep::testing
