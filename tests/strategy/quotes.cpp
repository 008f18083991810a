#include <catch2/catch.hpp>
#include <cmath>

#include "strategy/avellaneda_stoikov.hpp"
#include "strategy/strategy.hpp"
#include "strategy/symmetric.hpp"

using namespace quotesweep;

namespace {

const PriceProcess process{.sigma = 2.0, .horizon = 1.0, .dt = 0.005};
const FillModel fills{.arrival_rate = 140.0, .decay = 1.5};

Quotes<double> quotes_of(const StrategyTerms& terms, double time_left, double first_inventory) {
  Lanes<double> lanes{};
  for (int lane = 0; lane < lane_count; ++lane) lanes.inventory[lane] = first_inventory + lane;
  Quotes<double> quotes{};
  make_strategy<double>(terms, process, fills, nullptr)->quote(time_left, lanes, quotes);
  return quotes;
}

}  // namespace

TEST_CASE("Avellaneda-Stoikov quotes follow equations 29 and 30", "[strategy]") {
  const auto quotes = quotes_of({.gamma = 0.1}, 0.25, -3);
  for (int lane = 0; lane < lane_count; ++lane) {
    const double q = lane - 3.0, mid = 100.0;
    const double reservation = mid - q * 0.1 * 4.0 * 0.25;
    const double spread = 0.1 * 4.0 * 0.25 + 2.0 / 0.1 * std::log(1.0 + 0.1 / 1.5);
    REQUIRE(mid - quotes.bid_distance[lane] == Approx(reservation - spread / 2));
    REQUIRE(mid + quotes.ask_distance[lane] == Approx(reservation + spread / 2));
  }
}

TEST_CASE("mirroring the inventory swaps bid and ask", "[strategy]") {
  const auto longs = quotes_of({.gamma = 0.7}, 0.6, 0),
             shorts = quotes_of({.gamma = 0.7}, 0.6, -127);
  for (int lane = 0; lane < lane_count; ++lane) {
    REQUIRE(longs.bid_distance[lane] == shorts.ask_distance[127 - lane]);
    REQUIRE(longs.ask_distance[lane] == shorts.bid_distance[127 - lane]);
  }
}

TEST_CASE("with vanishing risk aversion quotes tend to 1/k on both sides", "[strategy]") {
  const auto quotes = quotes_of({.gamma = 1e-12}, 1.0, -50);
  for (int lane = 0; lane < lane_count; ++lane) {
    REQUIRE(quotes.bid_distance[lane] == Approx(1.0 / 1.5).epsilon(1e-9));
    REQUIRE(quotes.ask_distance[lane] == Approx(1.0 / 1.5).epsilon(1e-9));
  }
}

TEST_CASE("the average half spread is the mean of the current one over the steps", "[strategy]") {
  const StrategyTerms current{.name = StrategyName::symmetric, .gamma = 0.5};
  auto average = current;
  average.half_spread = HalfSpread::average;
  double sum = 0.0;
  for (int i = 0; i < 200; ++i) sum += quotes_of(current, 1.0 - i * 0.005, 0).bid_distance[0];
  const auto constant = quotes_of(average, 0.3, -5);
  for (int lane = 0; lane < lane_count; ++lane) {
    REQUIRE(constant.bid_distance[lane] == Approx(sum / 200));
    REQUIRE(constant.ask_distance[lane] == Approx(sum / 200));
  }
}

TEST_CASE("a time left that stays the same is its own average", "[strategy]") {
  StrategyTerms current{.name = StrategyName::symmetric, .gamma = 0.1};
  current.horizon = 0.2;
  auto average = current;
  average.half_spread = HalfSpread::average;
  const auto expected = quotes_of(current, current.horizon, 0);
  const auto constant = quotes_of(average, current.horizon, 0);
  REQUIRE(constant.bid_distance[0] == expected.bid_distance[0]);
  REQUIRE(constant.ask_distance[0] == expected.ask_distance[0]);
}

TEST_CASE("the average spread is the paper's, printed to two digits", "[strategy]") {
  for (const auto& [gamma, printed] : {std::pair{0.1, 1.49}, {0.01, 1.35}, {1.0, 3.02}}) {
    const auto spread = averaged(optimal_spread(gamma, process, fills), process);
    REQUIRE(std::abs(2.0 * spread.half_spread(0.7) - printed) < 0.015);
  }
}

TEST_CASE("floored quotes never cross the mid and are otherwise the same", "[strategy]") {
  const auto bare = quotes_of({.gamma = 0.1}, 1.0, -60);
  const auto floored = quotes_of({.gamma = 0.1, .floor_quotes = true}, 1.0, -60);
  bool any = false;
  for (int lane = 0; lane < lane_count; ++lane) {
    REQUIRE(floored.bid_distance[lane] == std::max(bare.bid_distance[lane], 0.0));
    REQUIRE(floored.ask_distance[lane] == std::max(bare.ask_distance[lane], 0.0));
    any = any || bare.bid_distance[lane] < 0.0;
  }
  REQUIRE(any);
}

TEST_CASE("a strategy's lines are its quotes, to the bit", "[strategy]") {
  Lanes<double> lanes{};
  LaneArray<double> variance{};
  for (int lane = 0; lane < lane_count; ++lane) {
    lanes.inventory[lane] = lane - 60.0;
    variance[lane] = 1.0 + 0.1 * lane;
  }
  for (const auto name : {StrategyName::avellaneda_stoikov, StrategyName::symmetric}) {
    const auto strategy = make_strategy<double>({.name = name}, process, fills, nullptr);
    const double time_left = 0.3;
    Quotes<double> plain{}, estimated{};
    strategy->quote(time_left, lanes, plain);
    strategy->quote_with(variance.values, time_left, lanes, estimated);
    QuoteLine line, fixed, by;
    REQUIRE(strategy->lines({&time_left, 1}, {&line, 1}));
    REQUIRE(strategy->lines_with({&time_left, 1}, {&fixed, 1}, {&by, 1}));
    for (int lane = 0; lane < lane_count; ++lane) {
      const double q = lanes.inventory[lane], v = variance[lane];
      REQUIRE(plain.bid_distance[lane] == line.half_spread + q * line.skew);
      REQUIRE(plain.ask_distance[lane] == line.half_spread - q * line.skew);
      const double half = by.half_spread * v + fixed.half_spread, skew = by.skew * v + fixed.skew;
      REQUIRE(estimated.bid_distance[lane] == half + q * skew);
      REQUIRE(estimated.ask_distance[lane] == half - q * skew);
    }
  }
}
