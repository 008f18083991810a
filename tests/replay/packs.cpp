#include <catch2/catch.hpp>

#include "replay/outcome.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

/// What the lanes of a register have in common, varied by `variant`.
Scenario common_scenario(unsigned variant) {
  constexpr StrategyName strategies[] = {StrategyName::tokyo, StrategyName::stoikov,
                                         StrategyName::vanilla};
  Scenario s = one_unit_around_100();
  s.strategy = {.name = strategies[variant % 3], .gamma = variant % 3 == 1 ? 30.0 : 0.001};
  s.market.sigma = 0.05;
  s.ladder.levels = variant % 2 == 0 ? 1.0 : 3.0;
  s.book.tick = variant % 4 == 3 ? 0.0 : 0.01;
  s.orders = {.rule = variant % 5 < 3 ? FillRule::trade_through : FillRule::touch,
              .order = variant % 7 < 4 ? FillOrder::buys_first : FillOrder::sells_first,
              .min_value = 30.0,
              .close_at_end = variant % 3 != 0};
  s.warm_up = variant % 2 == 0 ? 0.0 : 9.0;
  return s;
}

/// A point of its own for each lane, some of which are stopped, closed at the open, or ruined.
std::vector<ReplayPoint> points_on(const Tape& tape, unsigned variant) {
  std::mt19937 random(variant);
  const auto between = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  std::vector<ReplayPoint> points;
  for (int lane = 0; lane < lane_step; ++lane) {
    Scenario s = common_scenario(variant);
    s.account.capital = between(500.0, 5'000.0);
    s.account.maker_fee = between(-0.0005, 0.001);
    s.account.taker_fee_bps = between(1.0, 10.0);
    s.risk.slippage = between(0.0, 2.0);
    s.risk.q_max = lane % 3 == 0 ? 6.0 : 1e6;
    s.ladder.min_spread = between(0.001, 0.02);
    s.margin = {.max_leverage = lane == 6 ? 60.0 : between(1.0, 6.0),
                .aggressivity = between(0.1, 0.9),
                .emergency_leverage = lane % 2 == 0 ? 0.0 : between(0.7, 4.0),
                .early_stop = lane % 4 == 1 ? between(0.3, 0.95) : 0.0};
    points.push_back(same_for_all(tape, s));
  }
  return points;
}

/// What must have happened at all, so that equality says something.
struct Happened {
  double fills = 0, rejected = 0, exits = 0, stops = 0, ruins = 0;

  void add(const ReplayRunner& runner, int lane) {
    fills += runner.counts().fills[lane];
    rejected += runner.counts().rejected_value[lane] + runner.counts().rejected_room[lane];
    exits += runner.events().emergencies[lane];
    stops += runner.events().stopped[lane];
    ruins += runner.events().liquidated[lane];
  }
};

/// Bar by bar in passes over the lanes, and `stretch` bars at once in a register.
void replay_both_ways(unsigned variant, std::size_t stretch, Happened& all) {
  const Tape tape = tape_of({walk("ONE", 1500, 100.0, 0.006, variant + 1)});
  auto shelves = shelves_of(tape);
  const auto points = points_on(tape, variant);
  REQUIRE(steps_in_packs(points[0]));
  ReplayRunner passes(tape, shelves, points), packs(tape, shelves, points);
  passes.run([&](std::size_t bar, const ReplayRunner& now) {
    if ((bar + 1) % stretch != 0 && bar + 1 != tape.size()) return;
    packs.run_to(bar + 1);
    for (int lane = 0; lane < lane_step; ++lane) {
      if (same_bits(outcome(packs, lane), outcome(now, lane))) continue;
      CAPTURE(variant, stretch, bar, lane);
      REQUIRE(outcome(packs, lane) == outcome(now, lane));
    }
  });
  for (int lane = 0; lane < lane_step; ++lane) all.add(packs, lane);
}

}  // namespace

TEST_CASE("a register of lanes through many bars leaves the bits of passes bar by bar",
          "[replay]") {
  Happened all;
  for (unsigned variant = 0; variant < 42; ++variant)
    replay_both_ways(variant, variant % 2 == 0 ? 100 : 1 + variant % 9, all);
  CHECK(all.fills > 1'000);
  CHECK(all.rejected > 1'000);
  CHECK(all.exits > 20);
  CHECK(all.stops > 5);
  CHECK(all.ruins > 1);
}

TEST_CASE("only points of one symbol with the plainest orders step in registers", "[replay]") {
  const Tape one = tape_of({walk("ONE", 20, 100.0, 0.004, 1)});
  const auto point = same_for_all(one, common_scenario(0));
  CHECK(steps_in_packs(point));
  CHECK_FALSE(steps_in_packs(same_for_all(walk_tape(20), common_scenario(0))));
  const auto change = [&](auto&& body) {
    auto other = point;
    body(other.symbols[0]);
    return steps_in_packs(other);
  };
  CHECK_FALSE(change([](Scenario& s) { s.strategy.name = StrategyName::mexico; }));
  CHECK_FALSE(change([](Scenario& s) { s.strategy.name = StrategyName::glft; }));
  CHECK_FALSE(change([](Scenario& s) { s.ladder.origin_conventions = true; }));
  CHECK_FALSE(change([](Scenario& s) { s.orders.rule = FillRule::path; }));
  CHECK_FALSE(change([](Scenario& s) { s.orders.order = FillOrder::worse; }));
  CHECK_FALSE(change([](Scenario& s) { s.orders.order = FillOrder::random; }));
  CHECK_FALSE(change([](Scenario& s) { s.orders.life = 2.0; }));
  CHECK_FALSE(change([](Scenario& s) { s.orders.latency = 1.0; }));
  CHECK_FALSE(change([](Scenario& s) { s.orders.lot = 0.1; }));
  CHECK_FALSE(change([](Scenario& s) { s.orders.post_only = true; }));
}
