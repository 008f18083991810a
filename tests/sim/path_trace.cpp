#include "sim/path_trace.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "sim/busy_scenario.hpp"
#include "sim/run_point.hpp"
#include "sim/scalar_path.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

constexpr std::uint64_t key = 77;

double uniform(std::uint32_t word) {
  return ((word >> 1) + 0.5) / 2147483648.0;
}

/// Equal to `tolerance`, or both undefined.
void check_near(double a, double b, double tolerance) {
  CHECK((std::isnan(a) ? std::isnan(b) : a == Approx(b).margin(tolerance).epsilon(0)));
}

void compare_with_scalar(int variant, std::uint64_t path, Precision precision, double tolerance) {
  const Scenario s = busy_scenario(variant);
  const auto steps = trace_path(PointInput(s, key), precision, path);
  const auto p = scalar_path(s, key, path);
  REQUIRE(steps.size() == p.change.size());
  double peak = s.account.capital;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    CAPTURE(variant, path, i);
    const auto& step = steps[i];
    const auto words =
        philox({static_cast<std::uint32_t>(path), static_cast<std::uint32_t>(path >> 32),
                static_cast<std::uint32_t>(i), 0},
               key);
    peak = std::max(peak, p.equity[i + 1]);
    CHECK(step.bid_draw == uniform(words[1]));
    CHECK(step.ask_draw == uniform(words[2]));
    CHECK(step.bought == p.bought[i]);
    CHECK(step.sold == p.sold[i]);
    CHECK(step.inventory == p.inventory[i]);
    check_near(step.time, static_cast<double>(i) * s.market.dt, 1e-12);
    check_near(step.mid, i == 0 ? s.market.initial_price : p.mid[i - 1], tolerance);
    check_near(step.bid, p.bid[i], tolerance);
    check_near(step.ask, p.ask[i], tolerance);
    check_near(step.move, p.move[i], tolerance);
    check_near(step.next_mid, p.mid[i], tolerance);
    check_near(step.cash, p.cash[i], 3 * tolerance);  // inventory times the mid's error
    check_near(step.equity, p.equity[i + 1], tolerance);
    check_near(step.drawdown, peak - p.equity[i + 1], tolerance);
  }
}

}  // namespace

TEST_CASE("a trace in double precision is the path that a scalar program walks", "[sim]") {
  for (int variant = 0; variant < 12; ++variant)
    for (const std::uint64_t path : {std::uint64_t{0}, std::uint64_t{1000}, std::uint64_t{1} << 33})
      compare_with_scalar(variant, path, Precision::double_, 1e-9);
}

TEST_CASE("a trace in single precision is the same path to single precision", "[sim]") {
  for (int variant = 0; variant < 12; ++variant)
    compare_with_scalar(variant, 1001, Precision::single_, 2e-4);
}

TEST_CASE("a trace ends with the P&L and the inventory of the sweep, to the bit", "[sim]") {
  for (int variant = 0; variant < 12; ++variant) {
    const Scenario s = busy_scenario(variant);
    const auto singles = run_point<float>(s, key, 256);
    const auto doubles = run_point<double>(s, key, 256);
    for (const int lane : {0, 1, 77, 127}) {
      CAPTURE(variant, lane);
      const auto path = 256 + static_cast<std::uint64_t>(lane);
      for (const auto* results : {&singles, &doubles}) {
        const auto precision = results == &singles ? Precision::single_ : Precision::double_;
        const auto last = trace_path(PointInput(s, key), precision, path).back();
        CHECK(last.equity - s.account.capital == results->at(PathQuantity::pnl, lane));
        CHECK(last.inventory == results->at(PathQuantity::terminal_inventory, lane));
      }
    }
  }
}
