#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <string>

#include "replay/outcome.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

/// The number that a decimal fraction of `count` x 10^-digits is read as.
double decimal(long count, int digits) {
  const std::string text = fmt::format("{:0{}}", count, digits + 1);
  const auto point = text.size() - static_cast<std::size_t>(digits);
  return std::stod(text.substr(0, point) + "." + text.substr(point));
}

constexpr FillRule rules[] = {FillRule::trade_through, FillRule::touch, FillRule::path};

/// Points that differ in `min_spread`, so that lane i asks at `base` + 1 + i ticks and bids at
/// `base` - 1 - i.
std::vector<ReplayPoint> one_level_each(const Tape& tape, Scenario s, long base) {
  std::vector<ReplayPoint> points;
  for (int lane = 0; lane < replay_lanes; ++lane) {
    s.ladder.min_spread = 2.0 * (lane + 1 - 1e-5) / static_cast<double>(base);
    points.push_back(same_for_all(tape, s));
  }
  return points;
}

/// Bars that open and close at `base` ticks, one for each of the lanes' levels that it just reaches
/// on both sides.
Tape tape_that_touches(long base, int digits) {
  std::vector<GivenBar> bars;
  const double open = decimal(base, digits);
  for (int lane = 0; lane < replay_lanes; ++lane)
    bars.push_back(
        {open, decimal(base + 1 + lane, digits), decimal(base - 1 - lane, digits), open});
  bars.push_back({open, open, open, open});
  return given_tape(bars);
}

/// What is meant by a scenario where a unit of price is `price` old ones and a unit of the asset
/// `quantity` old ones.
Scenario in_units(Scenario s, double price, double quantity) {
  const double money = price * quantity;
  s.market.sigma /= price;
  s.book.tick /= price;
  s.fills.decay *= price;
  const bool per_unit = s.strategy.name == StrategyName::stoikov;
  s.strategy.gamma *= per_unit ? quantity : money;
  s.strategy.quantity /= quantity;
  s.risk.q_max /= quantity;
  s.orders.lot /= quantity;
  s.orders.min_value /= money;
  s.account.capital /= money;
  return s;
}

/// A walk of whole ticks of 10^-digits, with gaps, that reads the same in any unit.
Tape walk_in_ticks(std::size_t bars, int digits, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_int_distribution<long> step(-40, 40);
  long level = 10'000;
  std::vector<GivenBar> given;
  for (std::size_t i = 0; i < bars; ++i) {
    const long open = level;
    long high = open, low = open;
    for (int move = 0; move < 6; ++move) {
      level = std::max(1000L, level + step(random));
      high = std::max(high, level);
      low = std::min(low, level);
    }
    given.push_back({decimal(open, digits), decimal(high, digits), decimal(low, digits),
                     decimal(level, digits)});
    level = std::max(1000L, level + step(random) / 4);
  }
  return given_tape(given);
}

/// A scenario in units of 10^-2, varied by `variant`.
Scenario scenario_of(unsigned variant) {
  constexpr StrategyName names[] = {StrategyName::tokyo,   StrategyName::mexico,
                                    StrategyName::stoikov, StrategyName::avellaneda_stoikov,
                                    StrategyName::glft,    StrategyName::symmetric};
  std::mt19937 random(variant);
  const auto one_of = [&](unsigned count) { return static_cast<int>(random() % count); };
  Scenario s = one_unit_around_100();
  s.strategy = {.name = names[variant % 6], .gamma = 0.01, .quantity = 2.0};
  if (s.strategy.name == StrategyName::stoikov) s.strategy.gamma = 50.0;
  s.strategy.horizon = variant % 12 < 6 ? 0.0 : 40.0;
  s.market.sigma = 0.3;
  s.fills = {.arrival_rate = 1.0, .decay = 3.0};
  if (variant % 6 < 2) s.ladder.levels = 1.0 + one_of(3);
  s.ladder.min_spread = 0.002;
  s.ladder.constant_spread = 0.003;
  s.ladder.adaptive_sizes = one_of(2) == 1;
  s.book.tick = 0.01;
  s.orders = {.rule = rules[variant % 3],
              .order = static_cast<FillOrder>(one_of(4)),
              .life = 1.0 + one_of(3),
              .latency = static_cast<double>(one_of(2)),
              .lot = one_of(2) == 0 ? 0.0 : 0.05,
              .min_value = 40.0,
              .no_room = one_of(2) == 0 ? NoRoom::reject : NoRoom::cut};
  s.warm_up = 8.0;
  s.risk = {.q_max = 30.0};
  s.risk.slippage = 1.0;
  s.margin = {
      .max_leverage = 3.0, .aggressivity = 0.3, .emergency_leverage = 2.5, .early_stop = 0.9};
  s.account = {.capital = 1000.0, .maker_fee = 0.0002, .taker_fee_bps = 5.0};
  return s;
}

/// What does not depend on units: counts, and margins and turnover over the capital, bar by bar.
std::vector<double> without_units(const Tape& tape, const Scenario& scenario) {
  auto shelves = shelves_of(tape);
  ReplayRunner runner(tape, shelves, std::vector{same_for_all(tape, scenario)});
  std::vector<double> all;
  const double capital = scenario.account.capital;
  runner.run([&](std::size_t, const ReplayRunner& now) {
    all.push_back(now.wallet().margin[0] / capital);
    all.push_back(now.counts().turnover[0] / capital);
    all.push_back(now.counts().fills[0] + now.counts().taken[0]);
  });
  TradeCounts settled = runner.counts();
  settle_counts(settled, runner.lanes());
  const TradeCounts& counts = settled;
  for (const auto* column :
       {&counts.sent, &counts.rejected_value, &counts.rejected_room, &counts.closings, &counts.wins,
        &counts.flips, &runner.events().emergencies, &runner.events().stop_bar})
    all.push_back((*column)[0]);
  return all;
}

void check_same(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    if (std::abs(a[i] - b[i]) > 1e-9 * (1.0 + std::abs(a[i]))) {
      CAPTURE(i);
      REQUIRE(a[i] == b[i]);
    }
}

}  // namespace

TEST_CASE("a bar touches exactly the orders at its high and low, at every level, in any decimals",
          "[replay]") {
  for (const int digits : {0, 1, 2, 3, 5, 8})
    for (const long base : {10'000L, 7'919L, 424'243L}) {
      const Tape tape = tape_that_touches(base, digits);
      auto shelves = shelves_of(tape);
      Scenario s = one_unit_around_100();
      s.book.tick = decimal(1, digits);
      s.risk.q_max = 1e9;
      s.margin.aggressivity = 1e-9;
      for (const auto rule : rules) {
        s.orders.rule = rule;
        const auto points = one_level_each(tape, s, base);
        ReplayRunner runner(tape, shelves, points);
        runner.run([](std::size_t, const ReplayRunner&) {});
        const int beyond = rule == FillRule::trade_through ? 1 : 0;
        for (int lane = 0; lane < replay_lanes; ++lane) {
          CAPTURE(digits, base, lane, static_cast<int>(rule));
          REQUIRE(runner.counts().fills[lane] == 2.0 * std::max(0, replay_lanes - lane - beyond));
        }
      }
    }
}

TEST_CASE("a market in other units of price and quantity is the same market", "[replay]") {
  double fills = 0.0, stops = 0.0;
  for (unsigned variant = 0; variant < 36; ++variant) {
    const Scenario s = scenario_of(variant);
    const auto known = without_units(walk_in_ticks(300, 2, variant), s);
    fills += known[known.size() - 9];
    stops += known.back() >= 0.0 ? 1.0 : 0.0;
    for (const auto& [digits, quantity] :
         {std::pair{0, 1.0}, {1, 1.0}, {4, 1.0}, {2, 1000.0}, {2, 0.001}, {8, 1e-6}, {0, 1e3}}) {
      CAPTURE(variant, digits, quantity);
      // A price of 100.00 is 1 and 8 zeros of the smallest digits, or 10,000 whole ones.
      const double price = std::pow(10.0, digits - 2);
      check_same(known,
                 without_units(walk_in_ticks(300, digits, variant), in_units(s, price, quantity)));
    }
  }
  CHECK(fills > 1'000.0);
  CHECK(stops > 1.0);
}

TEST_CASE("a market upside down makes sellers of buyers", "[replay]") {
  const auto mirrored = [](const Tape& tape) {
    std::vector<GivenBar> bars;
    const auto& one = tape.symbols[0];
    const auto turned = [](double price) {
      return decimal(40'000 - std::lround(price * 100.0), 2);
    };
    for (std::size_t i = 0; i < one.open.size(); ++i)
      bars.push_back(
          {turned(one.open[i]), turned(one.low[i]), turned(one.high[i]), turned(one.close[i])});
    return given_tape(bars);
  };
  for (unsigned variant = 0; variant < 18; ++variant) {
    Scenario s = scenario_of(variant);
    // Quotes by distance from the price, and nothing that depends on its level.
    s.strategy.name = variant % 3 == 0   ? StrategyName::avellaneda_stoikov
                      : variant % 3 == 1 ? StrategyName::symmetric
                                         : StrategyName::glft;
    s.ladder.levels = 1.0;
    s.strategy.gamma = 0.01;
    s.account = {.capital = 1000.0};
    s.margin = {.max_leverage = 0.0, .emergency_leverage = 0.0, .early_stop = 0.0};
    s.orders.min_value = 0.0;
    s.orders.rule = rules[variant % 2];  // of equal distances the path takes the low first
    s.orders.order = FillOrder::buys_first;
    const Tape tape = walk_in_ticks(300, 2, variant), other = mirrored(tape);
    auto shelves = shelves_of(tape), other_shelves = shelves_of(other);
    ReplayRunner runner(tape, shelves, std::vector{same_for_all(tape, s)});
    s.orders.order = FillOrder::sells_first;
    ReplayRunner turned(other, other_shelves, std::vector{same_for_all(other, s)});
    std::vector<double> margins, positions;
    runner.run([&](std::size_t, const ReplayRunner& now) {
      margins.push_back(now.wallet().margin[0]);
      positions.push_back(now.book(0).position()[0]);
    });
    std::size_t bar = 0;
    turned.run([&](std::size_t, const ReplayRunner& now) {
      CAPTURE(variant, bar);
      REQUIRE(now.book(0).position()[0] == Approx(-positions[bar]).margin(1e-9));
      REQUIRE(now.wallet().margin[0] == Approx(margins[bar]).epsilon(1e-9));
      ++bar;
    });
    CAPTURE(variant, runner.counts().sent[0], runner.counts().rejected_room[0]);
    CHECK(runner.counts().fills[0] > 20.0);
    CHECK(runner.counts().flips[0] == turned.counts().flips[0]);
  }
}
