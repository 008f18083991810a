#pragma once

#include "sim/scenario.hpp"

namespace quotesweep::testing {

/// A scenario of a complete market maker with everything on, varied by `variant`.
inline Scenario complete_scenario(int variant) {
  Scenario s;
  s.market = {.model = variant % 3 == 2 ? MarketModel::brownian : MarketModel::cointegrated,
              .initial_price = 100.0,
              .sigma = 1.5,
              .horizon = 3.0,
              .dt = 0.01,
              .drift = 0.3};
  s.pair = {.partner_price = 80.0,
            .partner_sigma = 1.0,
            .hedge_ratio = 1.2,
            .spread_reversion = 20.0,
            .spread_sigma = 1.5,
            .break_time = variant % 4 == 1 ? 1.5 : 0.0};
  s.book = {.tick = variant % 4 == 3 ? 0.0 : 0.02,
            .spread = 2.0,
            .depth = variant % 2 == 0 ? 3.0 : 0.0,
            .imbalance_sd = 1.0,
            .imbalance_reversion = 5.0,
            .imbalance_strength = 0.1};
  s.spike = {.start = 1.0, .length = 0.5, .factor = 2.0};
  s.fills = {.arrival_rate = 40.0, .decay = 5.0};
  s.strategy = {.gamma = 0.05,
                .fair_value = FairValue::microprice,
                .min_half_spread = 10.0,
                .max_half_spread = 120.0,
                .phi = 0.01,
                .pair_bias = 0.3,
                .quantity = 2.0,
                .size_volatility = 0.5,
                .size_inventory = 0.5,
                .pair_quantity = 1.5};
  s.signal.volatility = variant % 2 == 0 ? Volatility::ewma : Volatility::realized;
  s.signal.imbalance_smoothing = 0.3;
  s.signal.pair = {.lookback = 40, .interval = 5, .adf_pval_max = 0.2, .enter = 1.0, .exit = 0.3};
  s.risk = {.q_max = variant % 2 == 0 ? 4.0 : 12.0,
            .leverage = variant % 4 == 1 ? 1.5 : 4.0,
            .drawdown_stop = variant % 3 == 2 ? 0.0 : 0.02,
            .var_limit = variant % 3 == 1 ? 0.02 : 0.0,
            .var_window = 50.0,
            .kill_loss = 0.03,
            .cooldown = variant % 2 == 0 ? 0.4 : 0.0,
            .slippage = 1.0,
            .max_orders = 40.0,
            .order_interval = 0.5,
            .open_orders = variant % 5 == 4 ? 1.0 : 2.0};
  s.account = {.capital = 250.0,
               .initial_inventory = variant % 3 == 1 ? -2.0 : 0.0,
               .maker_fee = 0.0001,
               .fee_per_unit = 0.01,
               .maker_fee_bps = -0.5,
               .taker_fee_bps = 3.0};
  s.metrics.detail = Detail::full;
  s.metrics.quantiles = Quantiles::never;
  return s;
}

}  // namespace quotesweep::testing
