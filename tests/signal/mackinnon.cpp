#include "signal/mackinnon.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "csv.hpp"

using namespace quotesweep;

TEST_CASE("p-values are those of statsmodels", "[signal]") {
  const auto rows = read_csv(SOURCE_DIR "/tests/signal/mackinnon.csv");
  REQUIRE(rows.size() == 364);
  for (const auto& row : rows) {
    const double statistic = number(row, "statistic");
    const int variables = static_cast<int>(number(row, "variables"));
    CAPTURE(statistic, variables);
    REQUIRE(mackinnon_p_value(statistic, variables) ==
            Approx(number(row, "p_value")).epsilon(1e-10).margin(1e-300));
  }
}

TEST_CASE("the critical statistic has the p-value that was asked for", "[signal]") {
  for (const int variables : {1, 2})
    for (const double p : {1e-9, 1e-6, 0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 0.9, 0.99}) {
      const double critical = mackinnon_critical(p, variables);
      CAPTURE(variables, p, critical);
      REQUIRE(mackinnon_p_value(critical, variables) == Approx(p).epsilon(1e-11));
      REQUIRE(mackinnon_p_value(critical - 1e-6, variables) < p);
      REQUIRE(mackinnon_p_value(critical + 1e-6, variables) > p);
    }
}

TEST_CASE("five in a hundred is where the tables have it", "[signal]") {
  // MacKinnon (2010), asymptotic 5 % critical values; the surface of 1994 is a separate fit.
  REQUIRE(mackinnon_critical(0.05, 1) == Approx(-2.86154).margin(0.01));
  REQUIRE(mackinnon_critical(0.05, 2) == Approx(-3.33613).margin(0.01));
}

TEST_CASE("no statistic at or below the critical one has a larger p-value", "[signal]") {
  for (const int variables : {1, 2})
    for (double p = 0.22; p < 0.36; p += 0.0001) {  // across both seams of the surface
      const double critical = mackinnon_critical(p, variables);
      CAPTURE(variables, p, critical);
      for (double below = 0.0; below < 0.1; below += 0.0005)
        REQUIRE(mackinnon_p_value(critical - below, variables) <= p * (1 + 1e-11));
    }
}

TEST_CASE("where every p-value will do every statistic will", "[signal]") {
  REQUIRE(mackinnon_critical(1.0, 2) == std::numeric_limits<double>::infinity());
  REQUIRE(mackinnon_critical(1.0 - 1e-12, 2) == 0.92);  // above it the p-value is 1
  REQUIRE(mackinnon_critical(0.999, 2) == 0.92);
}
