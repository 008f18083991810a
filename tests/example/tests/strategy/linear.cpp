#include "strategy/linear.hpp"

#include <catch2/catch.hpp>

using namespace quotesweep;

TEST_CASE("a unit of inventory moves both linear quotes down by the skew", "[strategy]") {
  Lanes<double> lanes{};
  for (int lane = 0; lane < lane_count; ++lane) lanes.inventory[lane] = lane - 60.0;
  Quotes<double> quotes{};
  Linear<double>(0.7, 0.05).quote(0.5, lanes, quotes);
  for (int lane = 0; lane < lane_count; ++lane) {
    const double mid = 100.0, reservation = mid - 0.05 * lanes.inventory[lane];
    REQUIRE(mid - quotes.bid_distance[lane] == Approx(reservation - 0.7));
    REQUIRE(mid + quotes.ask_distance[lane] == Approx(reservation + 0.7));
  }
}
