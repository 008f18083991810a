#include <catch2/catch.hpp>
#include <cmath>

#include "sim/engine.hpp"
#include "sim/exact_moments.hpp"
#include "sim/market_maker.hpp"

using namespace quotesweep;

namespace {

/// Every strategy in every form, with and without a floor.
std::vector<StrategyTerms> all_strategies() {
  std::vector<StrategyTerms> all;
  for (const bool floor : {false, true}) {
    all.push_back({.name = StrategyName::avellaneda_stoikov, .floor_quotes = floor});
    for (const auto half_spread : {HalfSpread::current, HalfSpread::average})
      all.push_back(
          {.name = StrategyName::symmetric, .half_spread = half_spread, .floor_quotes = floor});
    for (const auto form : {GlftForm::exact, GlftForm::asymptotic, GlftForm::closed_form})
      all.push_back({.name = StrategyName::glft, .form = form, .floor_quotes = floor});
  }
  for (auto& terms : all) terms.gamma = 0.4;
  return all;
}

/// 120 steps with many fills, a start beside zero and a limit that is met.
Scenario lively_scenario(const StrategyTerms& strategy) {
  Scenario s;
  s.market = {.initial_price = 50.0, .sigma = 2.5, .horizon = 1.2, .dt = 0.01};
  s.fills = {.arrival_rate = 80.0, .decay = 1.2, .probability = FillProbability::poisson};
  s.strategy = strategy;
  s.risk.q_max = 3;
  s.account = {.capital = 400.0, .initial_inventory = 2};
  return s;
}

Scenario mirrored(Scenario scenario) {
  scenario.account.initial_inventory *= -1.0;
  return scenario;
}

/// One step's draws, kept so that they can be mirrored.
struct OwnDraws {
  LaneArray<double> displacement, move, bid_threshold, ask_threshold;

  explicit OwnDraws(const StepDraws<double>& draws) {
    for (int lane = 0; lane < lane_count; ++lane) {
      displacement[lane] = draws.displacement[lane];
      move[lane] = draws.move[lane];
      bid_threshold[lane] = draws.bid_threshold[lane];
      ask_threshold[lane] = draws.ask_threshold[lane];
    }
  }
  OwnDraws mirrored() const {
    OwnDraws mirror = *this;
    std::swap(mirror.bid_threshold, mirror.ask_threshold);
    for (int lane = 0; lane < lane_count; ++lane) {
      mirror.displacement[lane] = -displacement[lane];
      mirror.move[lane] = -move[lane];
    }
    return mirror;
  }
  StepDraws<double> view() const {
    return {displacement.values, move.values, bid_threshold.values, ask_threshold.values};
  }
};

std::vector<OwnDraws> draws_of(const Scenario& s) {
  const auto steps = static_cast<int>(step_count(s.market));
  DrawStream<double> stream({11, s.market.moves, s.fills.probability}, 0, steps);
  stream.advance(steps);
  std::vector<OwnDraws> all;
  for (int i = 0; i < steps; ++i) all.emplace_back(stream.step(i));
  return all;
}

/// A block of market makers, a step at a time.
class Walk {
 public:
  explicit Walk(const Scenario& s)
      : market_(s.market), account_(s.market, s.fills, s.account), maker_({s, 0}) {
    account_.open(lanes);
  }
  void step(const OwnDraws& draws) {
    maker_.quote(next_step_++, lanes, quotes);
    LaneArray<double> mid, change;
    price_step(market_, draws.view(), mid, change);
    account_.step(draws.view(), {mid.values, change.values}, quotes, lanes);
  }

  Lanes<double> lanes;
  Quotes<double> quotes{};

 private:
  PriceProcess market_;
  Account<double> account_;
  MarketMaker<double> maker_;
  std::int64_t next_step_ = 0;
};

void require_close(const ExactMoment& a, const ExactMoment& b, double tolerance) {
  REQUIRE(a.mean == Approx(b.mean).epsilon(tolerance).margin(tolerance));
  REQUIRE(a.variance == Approx(b.variance).epsilon(tolerance).margin(tolerance));
}

}  // namespace

TEST_CASE("swapping bid and ask and flipping the moves gives the same P&L", "[sim][laws]") {
  for (const auto& strategy : all_strategies()) {
    auto s = lively_scenario(strategy);
    s.account.fee_per_unit = 0.02;
    CAPTURE(static_cast<int>(strategy.name), strategy.floor_quotes);
    Walk walk(s), mirror(mirrored(s));
    double bought = 0.0, sold = 0.0;
    for (const auto& draws : draws_of(s)) {
      walk.step(draws);
      mirror.step(draws.mirrored());
      for (int lane = 0; lane < lane_count; ++lane) {
        REQUIRE(walk.lanes.equity[lane] == mirror.lanes.equity[lane]);
        REQUIRE(walk.lanes.inventory[lane] == -mirror.lanes.inventory[lane]);
        bought += walk.lanes.bid_filled[lane];
        sold += walk.lanes.ask_filled[lane];
      }
    }
    REQUIRE(bought > 10.0 * lane_count);
    REQUIRE(sold > 10.0 * lane_count);
  }
}

TEST_CASE("the exact moments of the opposite start are the same", "[sim][laws]") {
  for (const auto& strategy : all_strategies()) {
    auto s = lively_scenario(strategy);
    s.market.horizon = 0.05;  // so short that the start is not forgotten
    const auto a = exact_moments({s, 0}), b = exact_moments({mirrored(s), 0});
    require_close(a.pnl, b.pnl, 1e-11);
    require_close(a.trades, b.trades, 1e-11);
    require_close(a.mean_abs_inventory, b.mean_abs_inventory, 1e-11);
    REQUIRE(a.terminal_inventory.mean == Approx(-b.terminal_inventory.mean).epsilon(1e-11));
    REQUIRE(a.terminal_inventory.mean > 0.1);
  }
}

TEST_CASE("cash, inventory at the mid and fees add up to the equity at every step", "[sim][laws]") {
  for (const double maker_fee : {0.002, -0.001})
    for (const auto& strategy : all_strategies()) {
      auto s = lively_scenario(strategy);
      s.account.maker_fee = maker_fee;
      s.account.fee_per_unit = 0.03;
      CAPTURE(static_cast<int>(strategy.name), strategy.floor_quotes, maker_fee);
      Walk walk(s);
      LaneArray<double> cash{}, fees{}, held{};
      for (int lane = 0; lane < lane_count; ++lane) {
        held[lane] = s.account.initial_inventory;
        cash[lane] = -held[lane] * s.market.initial_price;
      }
      for (const auto& draws : draws_of(s)) {
        walk.step(draws);
        for (int lane = 0; lane < lane_count; ++lane) {
          const double mid = 50.0 + 0.25 * draws.displacement[lane];
          const bool bought = walk.lanes.bid_filled[lane] > 0.0;
          const bool sold = walk.lanes.ask_filled[lane] > 0.0;
          const double paid = bought ? mid - walk.quotes.bid_distance[lane] : 0.0;
          const double received = sold ? mid + walk.quotes.ask_distance[lane] : 0.0;
          cash[lane] += received - paid;
          held[lane] += bought - sold;
          fees[lane] += maker_fee * (paid + received) + 0.03 * (bought + sold);
          const double after = mid + 0.25 * draws.move[lane];
          REQUIRE(walk.lanes.inventory[lane] == held[lane]);
          REQUIRE(walk.lanes.ledger[lane] + walk.lanes.equity[lane] ==
                  Approx(400.0 + cash[lane] + held[lane] * after - fees[lane]).epsilon(1e-12));
        }
      }
    }
}

TEST_CASE("with q_max = 1 the inventory is -1, 0 or 1 at every step, and each of them",
          "[sim][laws]") {
  for (const auto& strategy : all_strategies()) {
    auto s = lively_scenario(strategy);
    s.risk.q_max = 1;
    s.account.initial_inventory = 0;
    Walk walk(s);
    int seen[3]{};
    for (const auto& draws : draws_of(s)) {
      walk.step(draws);
      for (int lane = 0; lane < lane_count; ++lane) {
        const double q = walk.lanes.inventory[lane];
        REQUIRE((q == -1.0 || q == 0.0 || q == 1.0));
        ++seen[static_cast<int>(q) + 1];
      }
    }
    for (const int count : seen) REQUIRE(count > 100);
  }
}

TEST_CASE("a vanishing risk aversion makes the other strategies symmetric, in proportion",
          "[sim][laws]") {
  for (const auto name : {StrategyName::avellaneda_stoikov, StrategyName::glft}) {
    double last = INFINITY;
    for (const double gamma : {1e-3, 1e-4, 1e-5, 1e-6}) {
      auto s = lively_scenario({.name = name, .gamma = gamma});
      s.risk.q_max = 60;  // far away: glft knows the limit, the others do not
      const auto skewed = exact_moments({s, 0});
      s.strategy.name = StrategyName::symmetric;
      const auto plain = exact_moments({s, 0});
      const double distance =
          std::abs(skewed.terminal_inventory.variance / plain.terminal_inventory.variance - 1.0) +
          std::abs(skewed.pnl.mean / plain.pnl.mean - 1.0) +
          std::abs(skewed.pnl.variance / plain.pnl.variance - 1.0);
      CAPTURE(static_cast<int>(name), gamma, distance);
      REQUIRE(distance > 0.0);
      REQUIRE(distance < 0.2 * last);
      last = distance;
    }
    REQUIRE(last < 1e-3);
  }
}

/// With q_max = 1 and a half spread h that never changes, a side is filled with one probability p
/// wherever there is a quote. |q| is a chain on {0, 1}: from 0 to 1 with 2 p (1 - p), from 1 to 0
/// with p. Both solved by hand.
TEST_CASE("with q_max = 1 and constant quotes the moments are those of a two-state chain",
          "[sim][laws]") {
  Scenario s;
  s.strategy = {.name = StrategyName::symmetric, .half_spread = HalfSpread::average};
  s.risk.q_max = 1;
  const double h = 0.5 * 0.1 * 4.0 * (1.0 + 0.005) / 2.0 + std::log(1.0 + 0.1 / 1.5) / 0.1;
  const double p = 1.0 - std::exp(-140.0 * std::exp(-1.5 * h) * 0.005);
  const double decay = 1.0 - p - 2.0 * p * (1.0 - p), limit = 2.0 * (1.0 - p) / (3.0 - 2.0 * p);
  double trades = 0.0, held = 0.0;
  for (int step = 0; step < 200; ++step) {
    const double before = limit * (1.0 - std::pow(decay, step));  // P(q != 0)
    trades += before * p + (1.0 - before) * 2.0 * p;
    held += limit * (1.0 - std::pow(decay, step + 1));
  }
  const auto exact = exact_moments({s, 0});
  CHECK(exact.trades.mean == Approx(trades).epsilon(1e-12));
  CHECK(exact.pnl.mean == Approx(h * trades).epsilon(1e-12));
  CHECK(exact.pnl.variance ==
        Approx(h * h * exact.trades.variance + 4.0 * 0.005 * held).epsilon(1e-12));
  CHECK(exact.mean_abs_inventory.mean == Approx(held / 200.0).epsilon(1e-12));
  CHECK(exact.terminal_inventory.variance ==
        Approx(limit * (1.0 - std::pow(decay, 200))).epsilon(1e-12));
  CHECK(exact.turnover.mean == Approx(100.0 * trades / 1000.0).epsilon(1e-12));

  const PointInput point(s, 5);
  PointState state;
  Engine(Precision::single_).simulate({&point, 1}, {0, 65536}, {&state, 1});
  const auto& pnl = state[PathQuantity::pnl];
  CHECK(std::abs(pnl.mean - h * trades) < 4.5 * pnl.standard_error());
  const auto& inventory = state[PathQuantity::mean_abs_inventory];
  CHECK(std::abs(inventory.mean - held / 200.0) < 4.5 * inventory.standard_error());
}
