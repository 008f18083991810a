#include "sim/scenario.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"

using namespace quotesweep;
using Catch::Matchers::Contains;

TEST_CASE("the horizon must be a whole number of steps", "[sim]") {
  Scenario s;
  s.market.dt = 0.005;
  REQUIRE(step_count(s.market) == 200);
  s.market.dt = 0.1;  // 1 / 0.1 is not exactly 10 in binary
  REQUIRE(step_count(s.market) == 10);
  for (const double dt : {0.3, 2.0, 1e-12}) {
    s.market.dt = dt;
    CAPTURE(dt);
    REQUIRE_THROWS_WITH(check_scenario(s), Contains("market.dt") && Contains("T/dt"));
  }
}

TEST_CASE("the metrics clock must divide the horizon into whole steps", "[sim]") {
  Scenario s;
  s.metrics.clock = 0.02;
  REQUIRE(steps_per_interval(s.metrics, s.market) == 4);
  s.metrics.target = 0.5;
  REQUIRE(path_target(s) == 25.0);
  for (const double clock : {0.003, 0.0175, 2.0}) {
    s.metrics.clock = clock;
    CAPTURE(clock);
    REQUIRE_THROWS_WITH(check_scenario(s), Contains("metrics.clock"));
  }
}
