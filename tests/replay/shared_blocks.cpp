#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "replay/outcome.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

/// Points that step together and differ in everything that lanes may differ in.
std::vector<ReplayPoint> points_on(const Tape& tape, StrategyName name) {
  std::mt19937 random(3);
  const auto between = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  std::vector<ReplayPoint> points;
  for (int i = 0; i < replay_lanes; ++i) {
    Scenario s = one_unit_around_100();
    s.strategy.name = name;
    s.book.tick = 0.01;
    s.market.sigma = between(0.01, 0.1);
    s.strategy.gamma = between(0.01, 1.0);
    s.fills = {.arrival_rate = 1.0, .decay = between(2.0, 4.0)};
    s.risk.q_max = std::floor(between(5.0, 12.0));
    s.ladder.levels = name == StrategyName::tokyo || name == StrategyName::mexico ? 2.0 : 1.0;
    s.ladder.min_spread = between(0.001, 0.01);
    s.ladder.constant_spread = 0.003;
    s.margin = {.max_leverage = between(1.0, 6.0),
                .aggressivity = between(0.2, 0.9),
                .emergency_leverage = between(1.0, 3.0),
                .early_stop = between(0.2, 0.9)};
    s.account.capital = between(500.0, 1000.0);
    s.account.maker_fee = between(-0.0002, 0.0005);
    s.orders.order = FillOrder::worse;
    s.orders.life = 2.0;
    points.push_back(same_for_all(tape, s));
  }
  return points;
}

/// Outcomes of the points, in blocks of `size` of them.
std::vector<std::vector<double>> outcomes(const Tape& tape, const std::vector<ReplayPoint>& points,
                                          std::size_t size) {
  auto shelves = shelves_of(tape);
  std::vector<std::vector<double>> all;
  for (std::size_t first = 0; first < points.size(); first += size) {
    const auto count = std::min(size, points.size() - first);
    ReplayRunner runner(tape, shelves, std::span(points).subspan(first, count));
    runner.run([](std::size_t, const ReplayRunner&) {});
    for (int lane = 0; lane < static_cast<int>(count); ++lane) all.push_back(outcome(runner, lane));
  }
  return all;
}

}  // namespace

TEST_CASE("a point's results do not depend on the points that share its block", "[replay]") {
  const Tape tape = walk_tape(600);
  for (const auto name :
       {StrategyName::tokyo, StrategyName::stoikov, StrategyName::vanilla, StrategyName::mexico,
        StrategyName::avellaneda_stoikov, StrategyName::symmetric, StrategyName::glft}) {
    auto points = points_on(tape, name);
    const auto alone = outcomes(tape, points, 1);
    std::vector<std::size_t> order(points.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = (i * 37) % order.size();
    std::vector<ReplayPoint> shuffled;
    for (const auto i : order) shuffled.push_back(points[i]);
    for (const std::size_t size : {3u, 8u, 64u}) {
      const auto together = outcomes(tape, shuffled, size);
      for (std::size_t i = 0; i < order.size(); ++i) {
        CAPTURE(static_cast<int>(name), size, i);
        CHECK(same_bits(together[i], alone[order[i]]));
      }
    }
    CHECK(alone[0] != alone[1]);
  }
}

TEST_CASE("points that differ in what lanes cannot differ in do not step together", "[replay]") {
  const Tape tape = walk_tape(10);
  const auto point = same_for_all(tape, one_unit_around_100());
  CHECK(step_together(point, point));
  auto numbers = point;
  numbers.symbols[1].ladder.min_spread = 0.5;
  numbers.symbols[0].account.capital = 5.0;
  CHECK(step_together(point, numbers));
  const auto change = [&](auto&& body) {
    auto other = point;
    body(other.symbols[1]);
    return step_together(point, other);
  };
  CHECK_FALSE(change([](Scenario& s) { s.strategy.name = StrategyName::mexico; }));
  CHECK_FALSE(change([](Scenario& s) { s.ladder.levels = 2.0; }));
  CHECK_FALSE(change([](Scenario& s) { s.ladder.origin_conventions = true; }));
  CHECK_FALSE(change([](Scenario& s) { s.book.tick = 0.5; }));
  CHECK_FALSE(change([](Scenario& s) { s.windows.sma = 9.0; }));
  CHECK_FALSE(change([](Scenario& s) { s.warm_up = 9.0; }));
  CHECK_FALSE(change([](Scenario& s) { s.orders.rule = FillRule::path; }));
  CHECK_FALSE(change([](Scenario& s) { s.orders.order = FillOrder::worse; }));
  CHECK_FALSE(change([](Scenario& s) { s.orders.life = 2.0; }));
  CHECK_FALSE(change([](Scenario& s) { s.orders.latency = 1.0; }));
  CHECK_FALSE(change([](Scenario& s) { s.orders.close_at_end = true; }));
  CHECK_FALSE(change([](Scenario& s) { s.orders.post_only = true; }));
  CHECK_FALSE(change([](Scenario& s) { s.market.dt = 0.5; }));
  auto seeded = point;
  seeded.seed = 2;
  CHECK_FALSE(step_together(point, seeded));
}
