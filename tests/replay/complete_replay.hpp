#pragma once

#include "replay/walk_tape.hpp"

namespace quotesweep::testing {

inline constexpr int complete_replays = 7;

/// A replay with everything on, by a strategy of its own for each variant below
/// `complete_replays`.
inline Scenario complete_replay(int variant) {
  constexpr StrategyName names[complete_replays] = {
      StrategyName::mexico,    StrategyName::tokyo, StrategyName::stoikov,
      StrategyName::vanilla,   StrategyName::glft,  StrategyName::avellaneda_stoikov,
      StrategyName::symmetric,
  };
  // The one before the last skews its quotes beyond the open.
  constexpr double gammas[complete_replays] = {0.02, 0.02, 20.0, 0.02, 0.5, 0.3, 0.05};
  Scenario s;
  s.market = {.model = MarketModel::replay, .sigma = 0.05, .dt = 1.0};
  s.strategy = {.name = names[variant], .gamma = gammas[variant], .quantity = 2.0};
  s.fills = {.arrival_rate = 1.0, .decay = 3.0};
  s.book.tick = 0.02;
  s.orders = {.rule = variant % 2 == 0 ? FillRule::touch : FillRule::trade_through,
              .life = 2.0,
              .lot = 0.001,
              .min_value = 20.0,
              .close_at_end = true};
  s.ladder.levels = variant < 2 ? 3.0 : 1.0;
  s.ladder.min_spread = variant == 0 ? 0.004 : 0.002;
  s.ladder.constant_spread = 0.001;
  s.ladder.vol_factor = 0.5;
  s.ladder.spread_mom_factor = 0.3;
  s.ladder.adaptive_sizes = true;
  s.windows = {.volatility = 9.0, .sma = 11.0, .momentum = 13.0};
  s.warm_up = 15.0;
  s.risk.q_max = 20.0;
  s.risk.slippage = 1.0;
  s.margin = {
      .max_leverage = 3.0, .aggressivity = 0.4, .emergency_leverage = 1.5, .early_stop = 0.2};
  s.account = {.capital = 600.0, .maker_fee = 0.0004, .maker_fee_bps = 1.0, .taker_fee_bps = 5.0};
  s.metrics.clock = 5.0;
  s.metrics.target = 0.0001;
  s.bootstrap = {.resamples = 20.0, .mean_block = 3.0};
  return s;
}

}  // namespace quotesweep::testing
