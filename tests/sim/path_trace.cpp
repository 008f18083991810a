#include "sim/path_trace.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "sim/busy_scenario.hpp"
#include "sim/desk_tile.hpp"
#include "sim/path_story.hpp"
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

/// A market maker with every feature that a trace has to follow, varied by `variant`.
Scenario desk_scenario(int variant) {
  Scenario s = busy_scenario(variant);
  s.strategy.name = StrategyName::avellaneda_stoikov;
  s.strategy.quantity = 2.0;  // by a power of two, bits stay
  s.strategy.min_half_spread = 20.0;
  s.risk.q_max = 6.0;
  s.risk.slippage = 1.0;
  s.book = {.tick = 0.01, .spread = 2.0, .imbalance_sd = variant % 2 == 0 ? 0.5 : 0.0};
  if (variant % 4 < 2) {
    s.market.model = MarketModel::cointegrated;
    s.strategy.pair_bias = 0.3;
    s.strategy.pair_quantity = variant % 4 == 0 ? 2.0 : 0.0;
    s.signal.pair = {.lookback = 40, .interval = 10, .adf_pval_max = 0.5, .enter = 1.0};
  }
  if (variant >= 4) s.risk.drawdown_stop = 0.01, s.risk.cooldown = 0.05;
  return s;
}

template <class Real>
void compare_with_tile(const Scenario& s, Precision precision) {
  const std::vector points{PointInput(s, key)};
  DeskTile<Real> tile(points);
  tile.run(256);
  LaneResults results;
  tile.runner(0).finish(results.view());
  count_in_units(results.view(), lane_count, points[0].lot);
  for (const int lane : {0, 77, 127}) {
    const auto steps = trace_path(points[0], precision, 256 + static_cast<std::uint64_t>(lane));
    CAPTURE(lane);
    CHECK(steps.back().equity - s.account.capital == results.at(PathQuantity::pnl, lane));
    CHECK(steps.back().inventory == results.at(PathQuantity::terminal_inventory, lane));
    double drawdown = 0.0;
    for (const auto& step : steps) drawdown = std::max(drawdown, step.drawdown);
    CHECK(drawdown == Approx(results.at(PathQuantity::max_drawdown, lane)).epsilon(1e-4));
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

TEST_CASE("a trace of a complete market maker ends as the sweep's path does, to the bit", "[sim]") {
  for (int variant = 0; variant < 8; ++variant) {
    const Scenario s = desk_scenario(variant);
    REQUIRE(needs_desk(s));
    CAPTURE(variant);
    compare_with_tile<float>(s, Precision::single_);
    compare_with_tile<double>(s, Precision::double_);
  }
}

TEST_CASE("a path's story ends as the sweep's path does, to the bit", "[sim]") {
  for (int variant = 0; variant < 8; ++variant)
    for (const Scenario& s : {desk_scenario(variant), busy_scenario(variant)}) {
      CAPTURE(variant, needs_desk(s));
      LaneResults results;
      DeskTile<float> tile(std::vector{PointInput(s, key)});
      tile.run(256);
      tile.runner(0).finish(results.view());
      count_in_units(results.view(), lane_count, s.strategy.quantity);
      PathStory story(PointInput(s, key), Precision::single_, 256 + 77);
      double trades = -1.0;
      story.listen(1000000, [&](const Stretch& stretch) { trades = stretch.trades; });
      const PathNumbers path = story.tell();
      for (int i = 0; i < quantity_count; ++i) {
        const auto quantity = static_cast<PathQuantity>(i);
        const double expected = results.at(quantity, 77);
        CAPTURE(i, expected, path[quantity]);
        CHECK((std::isnan(expected) ? std::isnan(path[quantity]) : path[quantity] == expected));
      }
      CHECK(trades == path[PathQuantity::trades]);
      CHECK(story.tell()[PathQuantity::pnl] == path[PathQuantity::pnl]);
    }
}
