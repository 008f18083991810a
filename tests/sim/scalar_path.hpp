#pragma once

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "base/philox.hpp"
#include "sim/scenario.hpp"

/// One path of one point, told the way a textbook would: scalar, double precision, with cash and
/// the C library's functions. Only the random words come from the program under test.
struct ScalarPath {
  std::vector<double> equity;  // E_0 ... E_n
  // Of each step; prices are NaN where there is no quote, the rest is after fills and move:
  std::vector<double> bid, ask, bought, sold, move, inventory, cash, mid, change;
  double trades = 0, traded_value = 0, abs_inventory = 0;
};

/// Quantile of the standard normal law by bisection on the C library's erfc.
inline double scalar_normal(double probability) {
  double low = -9.0, high = 9.0;
  for (int i = 0; i < 100; ++i) {
    const double middle = 0.5 * (low + high);
    (0.5 * std::erfc(-middle / std::sqrt(2.0)) < probability ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

inline double scalar_move(std::uint32_t word, quotesweep::Moves moves) {
  const bool negative = word >> 31 != 0;
  if (moves == quotesweep::Moves::binomial) return negative ? -1.0 : 1.0;
  const double tail = ((word & 0x7FFFFFFFu) + 0.5) / 4294967296.0;
  return negative ? scalar_normal(tail) : -scalar_normal(tail);
}

inline bool scalar_fill(std::uint32_t word, double distance, const quotesweep::Scenario& s) {
  const double v = ((word >> 1) + 0.5) / 2147483648.0;
  const double mean = s.fills.arrival_rate * std::exp(-s.fills.decay * distance) * s.market.dt;
  const bool poisson = s.fills.probability == quotesweep::FillProbability::poisson;
  return v < (poisson ? 1.0 - std::exp(-mean) : std::min(1.0, mean));
}

/// Distances from the mid, bid first, before the inventory limit.
inline std::pair<double, double> scalar_quotes(const quotesweep::Scenario& s, double tau,
                                               double q) {
  const double c = s.strategy.gamma * s.market.sigma * s.market.sigma * tau;
  const double h = c / 2 + std::log(1 + s.strategy.gamma / s.fills.decay) / s.strategy.gamma;
  const double skew = s.strategy.name == quotesweep::StrategyName::symmetric ? 0.0 : q * c;
  const double floor = s.strategy.floor_quotes ? 0.0 : -INFINITY;
  return {std::max(h + skew, floor), std::max(h - skew, floor)};
}

inline ScalarPath scalar_path(const quotesweep::Scenario& s, std::uint64_t key,
                              std::uint64_t path) {
  ScalarPath p;
  const auto steps = static_cast<int>(std::lround(s.market.horizon / s.market.dt));
  double mid = s.market.initial_price, q = s.account.initial_inventory, cash = -q * mid;
  p.equity.push_back(s.account.capital);
  for (int i = 0; i < steps; ++i) {
    const auto [bid, ask] = scalar_quotes(s, s.market.horizon - i * s.market.dt, q);
    const auto words = quotesweep::philox(
        {static_cast<std::uint32_t>(path), static_cast<std::uint32_t>(path >> 32),
         static_cast<std::uint32_t>(i), 0},
        key);
    const double move = scalar_move(words[0], s.market.moves);
    const bool may_buy = q<s.risk.q_max, may_sell = q> - s.risk.q_max;
    const bool buys = may_buy && scalar_fill(words[1], bid, s);
    const bool sells = may_sell && scalar_fill(words[2], ask, s);
    p.bid.push_back(may_buy ? mid - bid : NAN);
    p.ask.push_back(may_sell ? mid + ask : NAN);
    const double paid = buys ? mid - bid : 0.0, received = sells ? mid + ask : 0.0;
    const double fee =
        s.account.maker_fee * (paid + received) + s.account.fee_per_unit * (buys + sells);
    cash += received - paid - fee;
    q += buys - sells;
    mid += s.market.sigma * std::sqrt(s.market.dt) * move;
    p.trades += buys + sells;
    p.traded_value += paid + received;
    p.abs_inventory += std::abs(q);
    p.bought.push_back(buys);
    p.sold.push_back(sells);
    p.move.push_back(move);
    p.inventory.push_back(q);
    p.cash.push_back(cash);
    p.mid.push_back(mid);
    p.equity.push_back(s.account.capital + cash + q * mid);
    p.change.push_back(p.equity[p.equity.size() - 1] - p.equity[p.equity.size() - 2]);
  }
  return p;
}
