#pragma once

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "replay/replay_runner.hpp"
#include "tape/tick_grid.hpp"

namespace quotesweep::testing {

inline constexpr std::int64_t minute_nanoseconds = 60'000'000'000;

/// A tape whose bars are these, of a minute each.
inline Tape tape_of(std::vector<Bars> symbols) {
  Tape tape{.symbols = std::move(symbols), .bar_seconds = 60.0, .bars_per_year = 525'600.0};
  for (std::size_t i = 0; i < tape.symbols[0].open.size(); ++i)
    tape.time.push_back(static_cast<std::int64_t>(i) * minute_nanoseconds);
  for (auto& bars : tape.symbols) bars.volume.assign(tape.size(), 1.0);
  return tape;
}

/// A random walk of `bars` bars: eight moves a bar, each of relative size `step`.
inline Bars walk(const std::string& symbol, std::size_t bars, double price, double step,
                 unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  Bars all{.symbol = symbol};
  for (std::size_t i = 0; i < bars; ++i) {
    double high = price, low = price;
    all.open.push_back(price);
    for (int move = 0; move < 8; ++move) {
      price *= std::exp(step * normal(random));
      high = std::max(high, price);
      low = std::min(low, price);
    }
    all.high.push_back(high);
    all.low.push_back(low);
    all.close.push_back(price);
    price *= std::exp(0.3 * step * normal(random));  // the market moves between bars, too
  }
  return all;
}

/// Two symbols that walk.
inline Tape walk_tape(std::size_t bars = 1500, double step = 0.004, unsigned seed = 1) {
  return tape_of({walk("ONE", bars, 100.0, step, seed), walk("TWO", bars, 7.0, step, seed + 100)});
}

/// A tape with all prices at the nearest tick; as it is where there is none.
inline Tape on_ticks(Tape tape, double tick) {
  if (tick > 0.0)
    for (auto& bars : tape.symbols) bars = rounded_to_grid(std::move(bars), TickGrid(tick));
  return tape;
}

/// A bar as a test writes it.
struct GivenBar {
  double open, high, low, close;
};

/// One symbol with these bars.
inline Tape given_tape(const std::vector<GivenBar>& given) {
  Bars bars{.symbol = "ONE"};
  for (const auto& bar : given) {
    bars.open.push_back(bar.open);
    bars.high.push_back(bar.high);
    bars.low.push_back(bar.low);
    bars.close.push_back(bar.close);
  }
  return tape_of({bars});
}

inline std::vector<BarShelf> shelves_of(const Tape& tape) {
  std::vector<BarShelf> shelves;
  for (const auto& bars : tape.symbols) shelves.emplace_back(bars);
  return shelves;
}

/// A scenario that quotes one unit 1 below and 1 above an open of 100, and may hold ten.
inline Scenario one_unit_around_100() {
  Scenario s;
  s.market.model = MarketModel::replay;
  s.market.dt = 1.0;
  s.strategy.name = StrategyName::tokyo;
  s.ladder.min_spread = 0.02;
  s.risk.q_max = 10.0;
  s.margin = {
      .max_leverage = 0.0, .aggressivity = 0.1, .emergency_leverage = 0.0, .early_stop = 0.0};
  s.account.capital = 10'000.0;
  s.orders.close_at_end = false;
  return s;
}

inline ReplayPoint same_for_all(const Tape& tape, const Scenario& scenario,
                                std::uint64_t seed = 1) {
  return {.symbols = std::vector(tape.symbols.size(), scenario), .seed = seed};
}

}  // namespace quotesweep::testing
