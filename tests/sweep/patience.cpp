#include "sweep/patience.hpp"

#include <catch2/catch.hpp>

using namespace quotesweep;

TEST_CASE("before the first task has ended nothing is overdue", "[sweep]") {
  const Patience patience(2.0);
  CHECK_FALSE(patience.overdue(1e9));
}

TEST_CASE("short tasks are overdue after the least time", "[sweep]") {
  Patience patience(2.0);
  patience.learn(0.01);
  CHECK_FALSE(patience.overdue(2.0));
  CHECK(patience.overdue(2.01));
}

TEST_CASE("long tasks are overdue after several times the longest so far", "[sweep]") {
  Patience patience(2.0);
  for (const double seconds : {1.0, 30.0, 3.0}) patience.learn(seconds);
  CHECK_FALSE(patience.overdue(150.0));
  CHECK(patience.overdue(151.0));
}
