#include <catch2/catch.hpp>

#include "replay/walk_tape.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

/// What a replay of one point has come to after every bar.
struct Diary {
  std::vector<double> position, entry, wallet, margin, fees;
  TradeCounts counts;
  LaneEvents events;
};

Diary replay(const Tape& tape, const Scenario& scenario, std::uint64_t seed = 1) {
  auto shelves = shelves_of(tape);
  const std::vector points{same_for_all(tape, scenario, seed)};
  ReplayRunner runner(tape, shelves, points);
  Diary diary;
  runner.run([&](std::size_t, const ReplayRunner& now) {
    diary.position.push_back(now.book(0).position()[0]);
    diary.entry.push_back(now.book(0).entry()[0]);
    diary.fees.push_back(now.book(0).fees()[0]);
    diary.wallet.push_back(now.wallet().balance[0]);
    diary.margin.push_back(now.wallet().margin[0]);
  });
  diary.counts = runner.counts();
  diary.events = runner.events();
  return diary;
}

constexpr GivenBar quiet{100.0, 100.5, 99.5, 100.0};

/// A bar that opens and closes at `price` and hardly moves.
GivenBar quiet_at(double price) {
  return {price, price + 0.5, price - 0.5, price};
}

}  // namespace

TEST_CASE("trade_through wants a tick beyond the price, touch the price itself", "[replay]") {
  Scenario s = one_unit_around_100();
  s.book.tick = 0.5;
  const auto filled = [&](FillRule rule, double low, double high) {
    s.orders.rule = rule;
    const auto counts = replay(given_tape({{100.0, high, low, 100.0}, quiet}), s).counts;
    return counts.fills[0];
  };
  CHECK(filled(FillRule::touch, 99.01, 100.99) == 0.0);
  CHECK(filled(FillRule::touch, 99.0, 100.99) == 1.0);
  CHECK(filled(FillRule::touch, 99.01, 101.0) == 1.0);
  CHECK(filled(FillRule::touch, 99.0, 101.0) == 2.0);
  CHECK(filled(FillRule::path, 99.0, 101.0) == 2.0);
  CHECK(filled(FillRule::trade_through, 99.0, 101.0) == 0.0);
  CHECK(filled(FillRule::trade_through, 98.51, 101.49) == 0.0);
  CHECK(filled(FillRule::trade_through, 98.5, 101.49) == 1.0);
  CHECK(filled(FillRule::trade_through, 98.51, 101.5) == 1.0);
  CHECK(filled(FillRule::trade_through, 98.5, 101.5) == 2.0);
}

TEST_CASE("without a tick, trading through is touching", "[replay]") {
  Scenario s = one_unit_around_100();
  const auto tape = given_tape({{100.0, 100.5, 99.0, 100.0}, quiet});
  CHECK(replay(tape, s).counts.fills[0] == 1.0);
}

TEST_CASE("an order lives as many bars as orders.life says", "[replay]") {
  Scenario s = one_unit_around_100();
  // Every bar leaves a bid; the fifth falls through all that are left.
  const auto tape = given_tape({quiet, quiet, quiet, quiet, {100.0, 100.5, 50.0, 100.0}, quiet});
  for (const double life : {1.0, 2.0, 3.0, 5.0, 9.0}) {
    s.orders.life = life;
    const auto diary = replay(tape, s);
    CHECK(diary.position[3] == 0.0);
    CHECK(diary.position[4] == std::min(life, 5.0));
  }
}

TEST_CASE("an order of a bar with latency is open from that many bars later on", "[replay]") {
  Scenario s = one_unit_around_100();
  // Every bar leaves a bid; one falls through all that are open by then.
  const auto filled = [&](double latency, double life, std::size_t fall) {
    s.orders.latency = latency;
    s.orders.life = life;
    std::vector<GivenBar> bars(8, quiet);
    bars[fall].low = 90.0;
    return replay(given_tape(bars), s).position.back();
  };
  CHECK(filled(0.0, 1.0, 0) == 1.0);
  CHECK(filled(1.0, 1.0, 0) == 0.0);
  CHECK(filled(1.0, 1.0, 1) == 1.0);
  CHECK(filled(2.0, 1.0, 1) == 0.0);
  CHECK(filled(2.0, 1.0, 2) == 1.0);
  CHECK(filled(2.0, 2.0, 2) == 1.0);
  CHECK(filled(2.0, 2.0, 3) == 2.0);
  CHECK(filled(2.0, 2.0, 6) == 2.0);
  CHECK(filled(3.0, 5.0, 4) == 2.0);
  CHECK(filled(7.0, 5.0, 6) == 0.0);
}

TEST_CASE("along the path an order that the open has passed trades at the open, as taker",
          "[replay]") {
  Scenario s = one_unit_around_100();
  s.orders.life = 2.0;
  s.account.maker_fee = 0.001;
  s.account.taker_fee_bps = 50.0;
  const auto tape = given_tape({quiet, quiet_at(90.0), quiet_at(90.0)});
  s.orders.rule = FillRule::path;
  const auto path = replay(tape, s);
  CHECK(path.position[1] == 1.0);
  CHECK(path.entry[1] == Approx(90.0));
  CHECK(path.fees[1] == Approx(0.005 * 90.0));
  s.orders.rule = FillRule::touch;
  const auto touch = replay(tape, s);
  CHECK(touch.entry[1] == Approx(99.0));
  CHECK(touch.fees[1] == Approx(0.001 * 99.0));
  const auto up = given_tape({quiet, quiet_at(110.0), quiet_at(110.0)});
  s.orders.rule = FillRule::path;
  CHECK(replay(up, s).entry[1] == Approx(110.0));
  CHECK(replay(up, s).position[1] == -1.0);
}

TEST_CASE("with post_only an order that would trade at the open waits behind it", "[replay]") {
  Scenario s = one_unit_around_100();
  s.strategy = {.name = StrategyName::avellaneda_stoikov, .gamma = 3.0, .horizon = 1.0};
  s.market.sigma = 1.0;
  s.fills.decay = 100.0;  // half spread 1.51, and 3 lower for the unit that the first bar buys
  s.account.maker_fee = 0.001;
  s.account.taker_fee_bps = 50.0;
  const auto tape = given_tape({{100.0, 100.5, 98.0, 100.0}, quiet, quiet});
  const auto sold_at = [&](double tick, FillRule rule, bool post_only) {
    s.book.tick = tick;
    s.orders.rule = rule;
    s.orders.post_only = post_only;
    const auto diary = replay(tape, s);
    REQUIRE(diary.position[0] == 1.0);
    REQUIRE(diary.position[1] == 0.0);
    const double fee = diary.fees[1] - diary.fees[0];
    return std::pair(diary.wallet[1] - diary.wallet[0] + fee + diary.entry[0], fee);
  };
  const auto check = [](const std::pair<double, double>& sold, double price, double rate) {
    CHECK(sold.first == Approx(price));
    CHECK(sold.second == Approx(rate * price));
  };
  check(sold_at(0.5, FillRule::touch, false), 99.0, 0.001);
  check(sold_at(0.5, FillRule::path, false), 100.0, 0.005);
  for (const auto rule : {FillRule::touch, FillRule::path}) {
    check(sold_at(0.5, rule, true), 100.5, 0.001);
    check(sold_at(0.0, rule, true), 100.0, 0.001);  // a maker's fee
  }
}

TEST_CASE("levels stand half a spread away and a spread apart, and share the size", "[replay]") {
  Scenario s = one_unit_around_100();
  s.ladder.levels = 4.0;
  s.margin.aggressivity = 0.4;
  const auto held = [&](double low) {
    return replay(given_tape({{100.0, 100.5, low, 100.0}, quiet}), s).position[0];
  };
  CHECK(held(99.01) == 0.0);
  CHECK(held(98.99) == Approx(1.0));
  CHECK(held(97.01) == Approx(1.0));
  CHECK(held(96.99) == Approx(2.0));
  CHECK(held(94.99) == Approx(3.0));
  CHECK(held(92.99) == Approx(4.0));
  CHECK(held(10.0) == Approx(4.0));
}

TEST_CASE("no order adds to a position at its limit, orders that rest included", "[replay]") {
  Scenario s = one_unit_around_100();
  s.risk.q_max = 3.0;
  s.margin.aggressivity = 1.0 / 3.0;
  const std::vector<GivenBar> falls(10, {100.0, 100.5, 90.0, 100.0});
  CHECK(replay(given_tape(falls), s).position.back() == Approx(3.0));
  s.orders.life = 8.0;
  auto late = std::vector<GivenBar>(7, quiet);
  late.push_back(falls[0]);
  late.push_back(quiet);
  CHECK(replay(given_tape(late), s).position[7] == Approx(3.0));
  const std::vector<GivenBar> rises(10, {100.0, 110.0, 99.5, 100.0});
  s.orders.life = 1.0;
  CHECK(replay(given_tape(rises), s).position.back() == Approx(-3.0));
}

TEST_CASE("sizes are cut down to whole lots, and an order below the least value is rejected",
          "[replay]") {
  Scenario s = one_unit_around_100();
  s.margin.aggressivity = 0.19;  // 1.9 units
  s.orders.lot = 0.5;
  const auto tape = given_tape({{100.0, 100.5, 90.0, 100.0}, quiet, quiet});
  CHECK(replay(tape, s).position[0] == 1.5);
  s.orders.lot = 0.0;
  s.orders.min_value = 1.9 * 100.0;  // between those of bid and ask
  const auto diary = replay(tape, s);
  CHECK(diary.position[0] == 0.0);
  CHECK(diary.counts.rejected_value[0] == 2.0);  // a bid a bar
  CHECK(diary.counts.sent[0] == 2.0);
}

TEST_CASE("an order is rejected after whose fill the leverage would be too high", "[replay]") {
  Scenario s = one_unit_around_100();
  s.account.capital = 1000.0;
  s.margin.max_leverage = 0.5;  // at most 5 units at 100
  s.margin.aggressivity = 0.4;  // 2 units an order
  const std::vector<GivenBar> falls(6, {100.0, 100.5, 98.9, 100.0});
  const auto diary = replay(given_tape(falls), s);
  CHECK(diary.position[1] == Approx(4.0).margin(0.05));
  CHECK(diary.position.back() == diary.position[1]);
  CHECK(diary.counts.rejected_room[0] == 3.0);
}

TEST_CASE("a bar that reaches both sides fills both, in the order that is asked for", "[replay]") {
  Scenario s = one_unit_around_100();
  // One unit at 99, then a bar that fills both sides: average cost tells which came first.
  const auto both = given_tape({{100.0, 100.5, 98.0, 100.0}, {80.0, 90.0, 70.0, 80.0}, quiet});
  const auto gain = [&](FillOrder order) {
    s.orders.order = order;
    const auto diary = replay(both, s);
    CHECK(diary.position[1] == Approx(1.0));
    return diary.wallet[1] - s.account.capital;
  };
  const double ask = 80.8, bid = 79.2;
  CHECK(gain(FillOrder::sells_first) == Approx(ask - 99.0));
  CHECK(gain(FillOrder::buys_first) == Approx(ask - 0.5 * (99.0 + bid)));
  CHECK(gain(FillOrder::worse) == Approx(ask - 99.0));
  const auto mirrored = given_tape({{100.0, 102.0, 99.5, 100.0}, {80.0, 90.0, 70.0, 80.0}, quiet});
  const auto short_gain = [&](FillOrder order) {
    s.orders.order = order;
    return replay(mirrored, s).wallet[1] - s.account.capital;
  };
  CHECK(short_gain(FillOrder::buys_first) == Approx(101.0 - bid));
  CHECK(short_gain(FillOrder::sells_first) == Approx(0.5 * (101.0 + ask) - bid));
  CHECK(short_gain(FillOrder::worse) == Approx(0.5 * (101.0 + ask) - bid));
}

TEST_CASE("along the path the nearer extreme comes first", "[replay]") {
  Scenario s = one_unit_around_100();
  s.orders.rule = FillRule::path;
  const auto gain = [&](double low, double high) {
    const auto tape = given_tape({{100.0, 100.5, 98.0, 100.0}, {80.0, high, low, 80.0}, quiet});
    return replay(tape, s).wallet[1] - s.account.capital;
  };
  CHECK(gain(78.0, 90.0) == Approx(80.8 - 0.5 * (99.0 + 79.2)));
  CHECK(gain(70.0, 82.0) == Approx(80.8 - 99.0));
}

TEST_CASE("random order is a fair coin of seed, bar and symbol", "[replay]") {
  Scenario s = one_unit_around_100();
  s.orders.order = FillOrder::random;
  // One unit is held at all times; which side came first shows in what the bar gained.
  std::vector<GivenBar> bars{{100.0, 100.5, 98.0, 100.0}};
  for (int i = 0; i < 1000; ++i) {
    bars.push_back({80.0, 90.0, 70.0, 80.0});
    bars.push_back({100.0, 110.0, 90.0, 100.0});
  }
  const Tape tape = given_tape(bars);
  const auto sequence = [&](std::uint64_t seed) {
    const auto diary = replay(tape, s, seed);
    std::vector<bool> buys_first;
    for (std::size_t i = 1; i + 1 < bars.size(); ++i) {
      const double gain = diary.wallet[i] - diary.wallet[i - 1];
      const double if_sold_first = 1.01 * bars[i].open - diary.entry[i - 1];
      buys_first.push_back(std::abs(gain - if_sold_first) > 1e-6);
    }
    return buys_first;
  };
  const auto one = sequence(1), again = sequence(1), other = sequence(2);
  CHECK(one == again);
  CHECK(one != other);
  for (const auto& coins : {one, other})
    CHECK(std::abs(std::ranges::count(coins, true) - 1000) < 67);  // 3 sd
}

TEST_CASE("positions are closed at the last open as taker, or kept where that is asked for",
          "[replay]") {
  Scenario s = one_unit_around_100();
  s.book.tick = 0.5;
  s.risk.slippage = 2.0;
  s.account.taker_fee_bps = 10.0;
  const auto tape = given_tape({{100.0, 100.5, 90.0, 100.0}, {95.0, 120.0, 60.0, 110.0}});
  const auto kept = replay(tape, s);
  CHECK(kept.position[1] == 1.0);
  CHECK(kept.margin[1] == Approx(10'000.0 - 99.0 + 95.0));
  s.orders.close_at_end = true;
  const auto closed = replay(tape, s);
  CHECK(closed.position[1] == 0.0);
  CHECK(closed.counts.taken[0] == 1.0);
  CHECK(closed.wallet[1] == Approx(10'000.0 - 99.0 + 94.0 - 0.001 * 94.0));
  CHECK(closed.margin[1] == closed.wallet[1]);
}

TEST_CASE("a position too heavy for the margin is closed at the next open", "[replay]") {
  Scenario s = one_unit_around_100();
  s.account.capital = 250.0;
  s.margin.emergency_leverage = 0.5;
  const auto tape = given_tape(
      {{100.0, 100.5, 98.5, 99.0}, {120.0, 120.5, 119.5, 120.0}, quiet_at(130.0), quiet_at(130.0)});
  const auto diary = replay(tape, s);  // 120 / 271 is below a half, 130 / 281 too; 0.44 is not
  CHECK(diary.position[2] == 1.0);
  s.margin.emergency_leverage = 0.44;
  const auto exits = replay(tape, s);
  CHECK(exits.position[1] == 0.0);
  CHECK(exits.wallet[1] == Approx(250.0 - 99.0 + 120.0));
  CHECK(exits.events.emergencies[0] == 1.0);
}

TEST_CASE("after an emergency exit orders are checked against the position that is left",
          "[replay]") {
  Scenario s = one_unit_around_100();
  s.account.capital = 250.0;
  s.margin.max_leverage = 0.9;
  s.margin.emergency_leverage = 0.45;
  const auto tape =
      given_tape({{100.0, 100.5, 98.5, 99.0}, {120.0, 120.5, 90.0, 120.0}, quiet, quiet});
  s.margin.aggressivity = 0.5;
  const auto diary = replay(tape, s);
  CHECK(diary.events.emergencies[0] >= 1.0);
  CHECK(diary.position[1] > 0.0);
}

TEST_CASE("trading ends for good where the margin has fallen to the early stop", "[replay]") {
  Scenario s = one_unit_around_100();
  s.account.capital = 100.0;
  s.margin.early_stop = 0.5;
  s.account.taker_fee_bps = 10.0;
  const std::vector<GivenBar> bars{
      {100.0, 100.5, 45.0, 45.0}, {40.0, 41.0, 10.0, 20.0}, {20.0, 50.0, 5.0, 20.0}, quiet};
  const auto diary = replay(given_tape(bars), s);
  CHECK(diary.position[0] == 1.0);
  CHECK(diary.position[1] == 0.0);
  CHECK(diary.wallet[1] == Approx(100.0 - 99.0 + 40.0 - 0.04));
  CHECK(diary.margin[3] == diary.wallet[1]);
  CHECK(diary.events.stopped[0] == 1.0);
  CHECK(diary.events.liquidated[0] == 0.0);
  CHECK(diary.events.stop_bar[0] == 1.0);
  CHECK(diary.counts.fills[0] == 1.0);
  s.margin.early_stop = 0.4;
  CHECK(replay(given_tape(bars), s).events.stop_bar[0] != 1.0);
}

TEST_CASE("a margin that is used up is a liquidation, also without an early stop", "[replay]") {
  Scenario s = one_unit_around_100();
  s.account.capital = 50.0;
  const auto tape = given_tape({{100.0, 100.5, 45.0, 49.0}, {45.0, 46.0, 44.0, 45.0}, quiet});
  const auto diary = replay(tape, s);
  CHECK(diary.margin[0] == Approx(0.0).margin(1e-12));
  CHECK(diary.events.liquidated[0] == 1.0);
  CHECK(diary.events.stopped[0] == 0.0);
  CHECK(diary.events.stop_bar[0] == 1.0);
  CHECK(diary.position[1] == 0.0);
  CHECK(diary.margin[2] == Approx(50.0 - 99.0 + 45.0));
}

TEST_CASE("orders are counted one by one, however many there are", "[replay]") {
  Scenario s = one_unit_around_100();
  s.ladder.levels = 20.0;
  const std::size_t bars = 6000;
  const auto counted = [&](double min_value) {
    s.orders.min_value = min_value;
    const std::vector<GivenBar> still(bars, {100.0, 100.0, 100.0, 100.0});
    Tape tape = given_tape(still);
    tape.symbols.resize(4, tape.symbols[0]);
    return replay(tape, s).counts;
  };
  const double all = 4.0 * 40.0 * (bars - 1);
  CHECK(counted(0.0).sent[0] == all);
  CHECK(counted(0.0).rejected_value[0] == 0.0);
  CHECK(counted(1e6).sent[0] == 0.0);
  CHECK(counted(1e6).rejected_value[0] == all);
  CHECK(counted(1e6).rejected_room[0] == 0.0);
}

TEST_CASE("nothing is quoted before the warm-up is over", "[replay]") {
  Scenario s = one_unit_around_100();
  s.warm_up = 3.0;
  const std::vector<GivenBar> falls(6, {100.0, 100.5, 90.0, 100.0});
  CHECK(replay(given_tape(falls), s).position == std::vector{0.0, 0.0, 0.0, 1.0, 2.0, 2.0});
}

TEST_CASE("a strategy of one level ignores the levels of those beside it in a sweep", "[replay]") {
  Scenario s = one_unit_around_100();
  const auto tape = given_tape({{100.0, 100.5, 50.0, 100.0}, quiet, quiet});
  for (const auto name : {StrategyName::stoikov, StrategyName::vanilla,
                          StrategyName::avellaneda_stoikov, StrategyName::symmetric}) {
    s.strategy.name = name;
    s.ladder.levels = 1.0;
    const auto one = replay(tape, s);
    s.ladder.levels = 3.0;
    const auto three = replay(tape, s);
    CAPTURE(static_cast<int>(name));
    CHECK(one.position[0] > 0.0);
    CHECK(one.position == three.position);
    CHECK(one.counts.sent[0] == three.counts.sent[0]);
  }
}
