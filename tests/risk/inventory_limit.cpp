#include "risk/inventory_limit.hpp"

#include <catch2/catch.hpp>

using namespace quotesweep;

TEST_CASE("a quote at the limit is removed, not shrunk", "[risk]") {
  Lanes<float> lanes{};
  Quotes<float> quotes{};
  for (int lane = 0; lane < lane_count; ++lane) {
    lanes.inventory[lane] = static_cast<float>(lane - 64);
    quotes.bid_distance[lane] = 0.25f + static_cast<float>(lane);
    quotes.ask_distance[lane] = -0.5f;
  }
  const auto before = quotes;
  InventoryLimit<float>({.q_max = 10}).restrict_quotes(lanes, quotes);
  for (int lane = 0; lane < lane_count; ++lane) {
    const float q = lanes.inventory[lane];
    REQUIRE(quotes.bid_distance[lane] == (q >= 10 ? no_quote<float> : before.bid_distance[lane]));
    REQUIRE(quotes.ask_distance[lane] == (q <= -10 ? no_quote<float> : before.ask_distance[lane]));
  }
}
