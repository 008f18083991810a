#pragma once

#include <cmath>
#include <vector>

#include "base/philox.hpp"
#include "sim/scenario.hpp"

/// One path of one point, told the way a textbook would: scalar, double precision, with cash and
/// the C library's functions. Only the random words come from the program under test. Results are
/// the metrics of DESIGN, in the order of PathQuantity.
struct ScalarPath {
  std::vector<double> equity, change, inventory, cash, mid;
  double trades = 0, traded_value = 0, abs_inventory = 0, fees = 0;
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

inline ScalarPath scalar_path(const quotesweep::Scenario& s, std::uint64_t key,
                              std::uint64_t path) {
  ScalarPath p;
  const auto steps = static_cast<int>(std::lround(s.market.horizon / s.market.dt));
  double mid = s.market.initial_price, cash = 0, q = 0;
  p.equity.push_back(s.account.capital);
  for (int i = 0; i < steps; ++i) {
    const double tau = s.market.horizon - i * s.market.dt;
    const double c = s.strategy.gamma * s.market.sigma * s.market.sigma * tau;
    const double h = c / 2 + std::log(1 + s.strategy.gamma / s.fills.decay) / s.strategy.gamma;
    const double skew = s.strategy.name == quotesweep::StrategyName::symmetric ? 0.0 : q * c;
    double bid = h + skew, ask = h - skew;
    if (s.strategy.floor_quotes) bid = std::max(bid, 0.0), ask = std::max(ask, 0.0);
    const auto words = quotesweep::philox(
        {static_cast<std::uint32_t>(path), static_cast<std::uint32_t>(path >> 32),
         static_cast<std::uint32_t>(i), 0},
        key);
    const bool buys = q < s.risk.q_max && scalar_fill(words[1], bid, s);
    const bool sells = q > -s.risk.q_max && scalar_fill(words[2], ask, s);
    const double value = (buys ? mid - bid : 0.0) + (sells ? mid + ask : 0.0);
    const double fee = s.account.maker_fee * value + s.account.fee_per_unit * (buys + sells);
    cash += (sells ? mid + ask : 0.0) - (buys ? mid - bid : 0.0) - fee;
    q += buys - sells;
    mid += s.market.sigma * std::sqrt(s.market.dt) * scalar_move(words[0], s.market.moves);
    p.trades += buys + sells;
    p.traded_value += value;
    p.abs_inventory += std::abs(q);
    p.fees += fee;
    p.equity.push_back(s.account.capital + cash + q * mid);
    p.change.push_back(p.equity[p.equity.size() - 1] - p.equity[p.equity.size() - 2]);
    p.inventory.push_back(q);
    p.cash.push_back(cash);
    p.mid.push_back(mid);
  }
  return p;
}
