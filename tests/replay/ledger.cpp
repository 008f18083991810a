#include <catch2/catch.hpp>
#include <random>

#include "replay/plain_replay.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

/// What all lanes of a block have in common, varied by `variant`.
Scenario common_scenario(unsigned variant) {
  constexpr StrategyName strategies[] = {StrategyName::tokyo, StrategyName::mexico,
                                         StrategyName::stoikov, StrategyName::avellaneda_stoikov};
  std::mt19937 random(variant);
  const auto one_of = [&](unsigned count) { return static_cast<int>(random() % count); };
  Scenario s = one_unit_around_100();
  s.strategy.name = strategies[variant % 4];
  s.strategy.gamma = s.strategy.name == StrategyName::stoikov ? 50.0 : 0.01;
  s.market.sigma = 0.05;
  s.fills = {.arrival_rate = 1.0, .decay = 3.0};
  if (variant % 4 < 2) s.ladder.levels = 1.0 + one_of(4);
  s.ladder.constant_spread = 0.004;
  s.ladder.adaptive_sizes = one_of(2) == 1;
  s.orders = {.rule = static_cast<FillRule>(one_of(3)),
              .order = static_cast<FillOrder>(one_of(4)),
              .life = 1.0 + one_of(4),
              .latency = static_cast<double>(one_of(3)),
              .lot = 0.01 * one_of(2),
              .min_value = 30.0,
              .no_room = one_of(2) == 0 ? NoRoom::reject : NoRoom::cut,
              .close_at_end = one_of(3) != 0};
  s.book.tick = one_of(3) == 0 ? 0.0 : 0.01;
  s.warm_up = 7.0;
  return s;
}

/// A point of its own for every lane; its symbols differ, too.
std::vector<ReplayPoint> lanes_of(unsigned variant, const Tape& tape) {
  std::mt19937 random(variant);
  const auto between = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  std::vector<ReplayPoint> points;
  for (int lane = 0; lane < replay_lanes; ++lane) {
    Scenario s = common_scenario(variant);
    s.account.capital = between(2'000.0, 20'000.0);
    s.account.maker_fee = between(-0.0002, 0.0008);
    s.account.taker_fee_bps = between(1.0, 10.0);
    s.risk.slippage = between(0.0, 3.0);
    s.risk.q_max = lane % 4 == 0 ? 5.0071 : 1e6;  // never whole lots
    s.margin = {.max_leverage = lane % 8 == 7 ? 0.0 : between(1.0, 8.0),
                .aggressivity = between(0.1, 0.9),
                .emergency_leverage = lane % 3 == 0 ? 0.0 : between(0.7, 4.0),
                .early_stop = lane % 2 == 0 ? 0.0 : between(0.3, 0.95)};
    if (s.margin.max_leverage == 0.0) s.risk.q_max = 60.0;
    s.ladder.min_spread = between(0.001, 0.01);
    s.strategy.quantity = between(0.5, 5.0);
    ReplayPoint point = same_for_all(tape, s, 5);
    point.symbols[1].ladder.min_spread = between(0.001, 0.01);
    point.symbols[1].account.maker_fee = between(-0.0002, 0.0008);
    points.push_back(point);
  }
  return points;
}

/// What must have happened at all, so that its agreement says something.
struct Happened {
  double fills = 0, flips = 0, exits = 0, stops = 0, liquidations = 0, too_small = 0, too_heavy = 0;
};

void check_counts(const ReplayRunner& runner, int lane, const PlainReplay& plain) {
  const auto& counts = runner.counts();
  CHECK(counts.sent[lane] == plain.sent);
  CHECK(counts.fills[lane] == plain.fills);
  CHECK(counts.taken[lane] == plain.taken);
  CHECK(counts.flips[lane] == plain.flips);
  CHECK(std::abs(counts.wins[lane] - plain.wins) <= plain.even);
  CHECK(counts.closings[lane] == plain.closings);
  CHECK(counts.rejected_value[lane] == plain.too_small);
  CHECK(counts.rejected_room[lane] == plain.too_heavy);
  CHECK(counts.turnover[lane] == Approx(plain.turnover).epsilon(1e-9));
  CHECK(runner.events().emergencies[lane] == plain.exits);
  CHECK(runner.events().stop_bar[lane] == plain.stop_bar);
  CHECK((runner.events().liquidated[lane] == 1.0) == plain.liquidated);
}

/// Whether everything of a lane agrees at the present bar.
bool agrees(const ReplayRunner& now, int lane, const PlainReplay& plain, double scale) {
  const double bound = 1e-9 * scale;
  bool fine = std::abs(now.wallet().balance[lane] - plain.balance) < bound &&
              std::abs(now.wallet().margin[lane] - plain.margin) < bound;
  for (std::size_t i = 0; i < now.symbols(); ++i) {
    const auto& book = now.book(i);
    const auto& mine = plain.positions[i];
    fine = fine && std::abs(book.position()[lane] - mine.units) < bound &&
           std::abs(book.realized()[lane] - mine.realized) < bound &&
           std::abs(book.fees()[lane] - mine.fees) < bound;
  }
  return fine;
}

/// Margin = capital + what was paid and received + what is held.
bool conserves(const Tape& tape, std::size_t bar, const ReplayRunner& now, int lane,
               const PlainReplay& plain, double capital) {
  double margin = capital;
  for (std::size_t i = 0; i < tape.symbols.size(); ++i) {
    const auto& bars = tape.symbols[i];
    const double price = bar + 1 == tape.size() ? bars.open[bar] : bars.close[bar];
    margin += plain.positions[i].cash + now.book(i).position()[lane] * price;
  }
  return std::abs(margin - now.wallet().margin[lane]) < 1e-9 * capital;
}

/// The same bars at other prices from some random bars on: up to four fifths up or half down
/// overnight.
Tape with_gaps(Tape tape, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform;
  for (auto& bars : tape.symbols) {
    double factor = 1.0;
    for (std::size_t i = 0; i < bars.open.size(); ++i) {
      if (uniform(random) < 0.01) factor *= std::exp(1.2 * (uniform(random) - 0.5));
      for (auto* series : {&bars.open, &bars.high, &bars.low, &bars.close}) (*series)[i] *= factor;
    }
  }
  return tape;
}

void replay_both_ways(unsigned variant, const Tape& tape, Happened& all) {
  auto shelves = shelves_of(tape);
  const auto points = lanes_of(variant, tape);
  std::vector<PlainReplay> plain;
  for (const auto& point : points) plain.emplace_back(tape, point);
  ReplayRunner runner(tape, shelves, points);
  runner.run([&](std::size_t bar, const ReplayRunner& now) {
    for (int lane = 0; lane < replay_lanes; ++lane) {
      auto& one = plain[static_cast<std::size_t>(lane)];
      const double capital = now.capital()[lane];
      one.advance(bar, lane, [&](std::size_t i) -> const Ladder& { return now.ladder(i); });
      if (agrees(now, lane, one, capital) && conserves(tape, bar, now, lane, one, capital))
        continue;
      CAPTURE(variant, lane, bar, one.balance, now.wallet().balance[lane], one.margin,
              now.wallet().margin[lane], one.active, one.stop_bar, one.fills, one.sent,
              runner.counts().fills[lane], one.positions[0].units, now.book(0).position()[lane],
              one.positions[1].units, now.book(1).position()[lane]);
      REQUIRE(false);
    }
  });
  for (int lane = 0; lane < replay_lanes; ++lane) {
    const auto& one = plain[static_cast<std::size_t>(lane)];
    CAPTURE(variant, lane);
    CHECK(one.beyond < 1e-8);
    check_counts(runner, lane, one);
    all.fills += one.fills;
    all.flips += one.flips;
    all.exits += one.exits;
    all.stops += one.stop_bar >= 0.0;
    all.liquidations += one.liquidated;
    all.too_small += one.too_small;
    all.too_heavy += one.too_heavy;
  }
}

}  // namespace

TEST_CASE("every lane's money, at every bar, is that of a ledger kept order by order", "[replay]") {
  Happened all;
  for (unsigned variant = 0; variant < 20; ++variant)
    replay_both_ways(variant,
                     on_ticks(walk_tape(1200, 0.004, variant), common_scenario(variant).book.tick),
                     all);
  CHECK(all.fills > 100'000.0);
  CHECK(all.flips > 1000.0);
  CHECK(all.exits > 1000.0);
  CHECK(all.stops > 30.0);
  CHECK(all.liquidations > 0.0);
  CHECK(all.too_small > 100.0);
  CHECK(all.too_heavy > 100.0);
}

TEST_CASE("the same over gaps, after which margins and leverages are those of the open",
          "[replay]") {
  Happened all;
  for (unsigned variant = 20; variant < 32; ++variant)
    replay_both_ways(variant,
                     on_ticks(with_gaps(walk_tape(600, 0.004, variant), variant),
                              common_scenario(variant).book.tick),
                     all);
  CHECK(all.exits > 500.0);
  CHECK(all.stops > 100.0);
  CHECK(all.liquidations > 20.0);
}
