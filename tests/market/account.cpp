#include "market/account.hpp"

#include <catch2/catch.hpp>
#include <random>

using namespace quotesweep;

namespace {

const PriceProcess process{.initial_price = 80.0, .sigma = 3.0, .horizon = 1.0, .dt = 0.01};
const FillModel fills{.arrival_rate = 50.0, .decay = 1.0, .probability = FillProbability::poisson};

/// Quotes that fill on both sides often, some on the wrong side of the mid, some missing.
Quotes<double> random_quotes(std::mt19937& random) {
  std::uniform_real_distribution<double> distance(-0.5, 1.5);
  Quotes<double> quotes{};
  for (int lane = 0; lane < lane_count; ++lane) {
    quotes.bid_distance[lane] = lane % 7 == 0 ? no_quote<double> : distance(random);
    quotes.ask_distance[lane] = lane % 5 == 0 ? no_quote<double> : distance(random);
  }
  return quotes;
}

}  // namespace

TEST_CASE("equity is capital plus cash plus inventory at the mid less fees", "[market]") {
  const AccountTerms terms{.capital = 500.0, .maker_fee = 0.001, .fee_per_unit = 0.02};
  const Account<double> account(process, fills, terms);
  std::mt19937 random(1);
  Lanes<double> lanes;
  account.open(lanes);
  DrawStream<double> stream({3, Moves::normal, fills.probability}, 0, 100);
  stream.advance(100);
  stream.set_prices(process);
  LaneArray<double> cash{}, fees{}, held{};
  for (int i = 0; i < 100; ++i) {
    const auto quotes = random_quotes(random);
    const auto draws = stream.step(i);
    account.step(draws, stream.prices(i), quotes, lanes);
    if (i % 10 == 9) account.settle(lanes);
    for (int lane = 0; lane < lane_count; ++lane) {
      const double mid = 80.0 + 0.3 * draws.displacement[lane];
      const double bought = lanes.bid_filled[lane], sold = lanes.ask_filled[lane];
      const double paid = bought > 0 ? mid - quotes.bid_distance[lane] : 0.0;
      const double received = sold > 0 ? mid + quotes.ask_distance[lane] : 0.0;
      cash[lane] += received - paid;
      fees[lane] += 0.001 * (paid + received) + 0.02 * (bought + sold);
      held[lane] += bought - sold;
      const double mid_after = mid + 0.3 * draws.move[lane];
      REQUIRE(lanes.inventory[lane] == held[lane]);
      REQUIRE(lanes.traded_value[lane] == Approx(paid + received));
      REQUIRE(lanes.ledger[lane] + lanes.equity[lane] ==
              Approx(500.0 + cash[lane] + held[lane] * mid_after - fees[lane]));
    }
  }
}

TEST_CASE("a side without a quote is never filled", "[market]") {
  const Account<float> account(process, fills, {});
  Lanes<float> lanes;
  account.open(lanes);
  DrawStream<float> stream({3, Moves::normal, fills.probability}, 0, 1);
  Quotes<float> quotes{};
  for (int lane = 0; lane < lane_count; ++lane) {
    quotes.bid_distance[lane] = no_quote<float>;
    quotes.ask_distance[lane] = -10.0f;  // lambda dt is 10,000
  }
  stream.advance(1);
  stream.set_prices(process);
  account.step(stream.step(0), stream.prices(0), quotes, lanes);
  for (int lane = 0; lane < lane_count; ++lane) {
    REQUIRE(lanes.bid_filled[lane] == 0.0f);
    REQUIRE(lanes.ask_filled[lane] == 1.0f);
    REQUIRE(std::isfinite(lanes.equity[lane]));
  }
}

TEST_CASE("settling moves equity into the ledger and loses none", "[market]") {
  const Account<float> account(process, fills, {.capital = 1e9});
  Lanes<float> lanes;
  account.open(lanes);
  for (int i = 0; i < 1000; ++i) {
    lanes.equity[0] = 0.1f;  // far below the resolution of a float at 1e9
    account.settle(lanes);
  }
  REQUIRE(lanes.ledger[0] == Approx(1e9 + 1000 * static_cast<double>(0.1f)).epsilon(1e-13));
  REQUIRE(lanes.equity[0] == 0.0f);
}
