#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "metrics/activity.hpp"
#include "metrics/clamped_fills.hpp"
#include "metrics/drawdown.hpp"
#include "metrics/negative_prices.hpp"
#include "metrics/returns.hpp"

using namespace quotesweep;

namespace {

const PriceProcess process{.horizon = 1.0, .dt = 0.01};  // 100 steps
constexpr double capital = 1000.0;

struct Rows {
  std::vector<std::vector<double>> values =
      std::vector<std::vector<double>>(quantity_count, std::vector<double>(lane_count, -1.0));
  PathRows view() {
    PathRows rows;
    for (std::size_t i = 0; i < values.size(); ++i) rows.rows[i] = values[i].data();
    return rows;
  }
};

/// Feeds increments to a metric as the engine would, settling every `every` steps.
template <class Real>
Rows feed(PathMetric<Real>& metric, const std::vector<double>& increments, int every) {
  Lanes<Real> lanes{};
  for (int lane = 0; lane < lane_count; ++lane) lanes.ledger[lane] = capital;
  const auto settle = [&] {
    metric.settle(lanes);
    for (int lane = 0; lane < lane_count; ++lane) {
      lanes.ledger[lane] += static_cast<double>(lanes.equity[lane]);
      lanes.equity[lane] = 0;
    }
  };
  metric.begin(lanes);
  for (std::size_t i = 0; i < increments.size(); ++i) {
    for (int lane = 0; lane < lane_count; ++lane) {
      lanes.equity_change[lane] = static_cast<Real>(increments[i]);
      lanes.equity[lane] += static_cast<Real>(increments[i]);
    }
    metric.observe({}, lanes);
    if (i % static_cast<std::size_t>(every) == static_cast<std::size_t>(every) - 1) settle();
  }
  settle();
  Rows rows;
  metric.finish(lanes, rows.view());
  return rows;
}

std::vector<double> random_increments(unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> law(0.1, 2.0);
  std::vector<double> x(100);
  for (auto& v : x) v = law(random);
  return x;
}

double at(const Rows& rows, PathQuantity quantity) {
  return rows.values[static_cast<std::size_t>(quantity)][lane_count - 1];
}

}  // namespace

TEST_CASE("the drawdown is the deepest fall from the peak so far", "[metrics]") {
  for (unsigned seed = 0; seed < 20; ++seed) {
    const auto x = random_increments(seed);
    double equity = capital, peak = capital, worst = 0, fraction = 0;
    for (const double v : x) {
      equity += v;
      peak = std::max(peak, equity);
      worst = std::max(worst, peak - equity);
      fraction = std::max(fraction, (peak - equity) / peak);
    }
    Drawdown<double> drawdown;
    for (const int every : {1, 7, 50, 1000}) {
      const auto rows = feed(drawdown, x, every);
      REQUIRE(at(rows, PathQuantity::max_drawdown) == Approx(worst).epsilon(1e-11));
      REQUIRE(at(rows, PathQuantity::max_drawdown_pct) == Approx(fraction).epsilon(1e-11));
    }
  }
}

TEST_CASE("an account that only rises has no drawdown, and the start counts as a peak",
          "[metrics]") {
  Drawdown<float> drawdown;
  REQUIRE(at(feed(drawdown, {1, 2, 3}, 2), PathQuantity::max_drawdown) == 0.0);
  REQUIRE(at(feed(drawdown, {-5, 2, 3}, 2), PathQuantity::max_drawdown) == 5.0);
}

TEST_CASE("increments are measured on the stated clock", "[metrics]") {
  const auto x = random_increments(3);
  for (const int m : {1, 4, 25}) {
    Returns<double> returns({.clock = 0.01 * m, .target = 0.3}, process, capital);
    std::vector<double> intervals;
    for (std::size_t i = 0; i < x.size(); i += static_cast<std::size_t>(m)) {
      intervals.push_back(0);
      for (int j = 0; j < m; ++j) intervals.back() += x[i + static_cast<std::size_t>(j)];
    }
    double mean = 0, squares = 0, downside = 0;
    const double n = static_cast<double>(intervals.size());
    for (const double v : intervals) mean += v / n;
    for (const double v : intervals) {
      squares += (v - mean) * (v - mean);
      downside += std::pow(std::min(v - 0.3, 0.0), 2);
    }
    const auto rows = feed(returns, x, 10);
    CAPTURE(m);
    REQUIRE(at(rows, PathQuantity::pnl) == Approx(mean * n));
    REQUIRE(at(rows, PathQuantity::path_sharpe) == Approx(mean / std::sqrt(squares / (n - 1))));
    REQUIRE(at(rows, PathQuantity::path_sortino) == Approx((mean - 0.3) / std::sqrt(downside / n)));
    REQUIRE(at(rows, PathQuantity::downside_square) ==
            Approx(std::pow(std::min(mean * n - 0.3 * n, 0.0), 2)));
  }
}

TEST_CASE("constant increments have no sharpe ratio, rising ones no sortino ratio", "[metrics]") {
  Returns<float> returns({}, process, capital);
  for (const double constant : {0.0, 0.1, -3.7}) {
    const auto rows = feed(returns, std::vector<double>(100, constant), 50);
    REQUIRE(std::isnan(at(rows, PathQuantity::path_sharpe)));
    REQUIRE(std::isnan(at(rows, PathQuantity::path_sortino)) == (constant >= 0.0));
  }
  auto nearly = std::vector<double>(100, 0.1);
  nearly[50] = 0.2;
  REQUIRE(std::isfinite(at(feed(returns, nearly, 50), PathQuantity::path_sharpe)));
}

TEST_CASE("activity counts fills, traded value and inventory", "[metrics]") {
  Activity<float> activity(process, capital);
  Lanes<float> lanes{};
  activity.begin(lanes);
  for (int i = 0; i < 100; ++i) {
    for (int lane = 0; lane < lane_count; ++lane) {
      lanes.bid_filled[lane] = i % 2 == 0;
      lanes.ask_filled[lane] = i % 4 == 0;
      lanes.traded_value[lane] = 10.0f;
      lanes.inventory[lane] = i % 2 == 0 ? -3.0f : 1.0f;
    }
    activity.observe({}, lanes);
    if (i % 9 == 0) activity.settle(lanes);
  }
  activity.settle(lanes);
  Rows rows;
  activity.finish(lanes, rows.view());
  REQUIRE(at(rows, PathQuantity::trades) == 75.0);
  REQUIRE(at(rows, PathQuantity::turnover) == 1.0);
  REQUIRE(at(rows, PathQuantity::mean_abs_inventory) == 2.0);
  REQUIRE(at(rows, PathQuantity::terminal_inventory) == 1.0);
}

TEST_CASE("quotes with lambda dt above one are counted under bernoulli only", "[metrics]") {
  Quotes<float> quotes{};
  for (int lane = 0; lane < lane_count; ++lane) {
    quotes.bid_distance[lane] = -0.1f;  // A dt = 1 below, so lambda dt > 1
    quotes.ask_distance[lane] = lane % 2 == 0 ? no_quote<float> : 0.1f;
  }
  const Lanes<float> lanes{};
  for (const auto probability : {FillProbability::bernoulli, FillProbability::poisson}) {
    ClampedFills<float> clamped(process,
                                {.arrival_rate = 100.0, .decay = 1.0, .probability = probability});
    clamped.begin(lanes);
    for (int i = 0; i < 5; ++i) clamped.observe(quotes, lanes);
    clamped.settle(lanes);
    Rows rows;
    clamped.finish(lanes, rows.view());
    REQUIRE(at(rows, PathQuantity::clamped_fills) ==
            (probability == FillProbability::bernoulli ? 5.0 : 0.0));
  }
}

TEST_CASE("a row that no metric has written is an error, not what memory held", "[metrics]") {
  constexpr std::size_t paths = 3 * lane_count;
  std::vector<double> memory(basic_count * paths, 0.25);
  PathRows rows;
  for (std::size_t i = 0; i < basic_count; ++i) rows.rows[i] = &memory[i * paths];
  CHECK_NOTHROW(check_written(rows, paths));
  for (std::size_t forgotten = 0; forgotten < basic_count; ++forgotten)
    for (std::size_t block = 0; block < 3; ++block) {
      mark_unwritten(rows, paths);
      for (std::size_t i = 0; i < memory.size(); ++i)
        if (i / paths != forgotten || i % paths / lane_count != block)
          memory[i] = i % 2 == 0 ? 0.5 : std::numeric_limits<double>::quiet_NaN();
      const auto name = std::string(name_of(static_cast<PathQuantity>(forgotten)));
      CHECK_THROWS_WITH(check_written(rows, paths), Catch::Matchers::Contains(name) &&
                                                        Catch::Matchers::Contains("not measured"));
    }
}

TEST_CASE("what lots leave is counted in units and money by the units of quantities", "[metrics]") {
  std::vector<double> memory(quantity_count * lane_count, 3.0);
  PathRows rows;
  for (std::size_t i = 0; i < quantity_count; ++i) rows.rows[i] = &memory[i * lane_count];
  count_in_units(rows, lane_count, 0.5);
  for (const auto quantity : {PathQuantity::pnl, PathQuantity::terminal_inventory,
                              PathQuantity::pnl_fees, PathQuantity::pnl_per_trade})
    CHECK(rows[quantity][7] == 1.5);
  CHECK(rows[PathQuantity::downside_square][7] == 0.75);
  for (const auto quantity : {PathQuantity::trades, PathQuantity::turnover, PathQuantity::calmar,
                              PathQuantity::clamped_fills, PathQuantity::holding_time})
    CHECK(rows[quantity][7] == 3.0);
}

TEST_CASE("steps at prices that are not above zero are counted, the partner's included",
          "[metrics]") {
  LaneArray<double> mid{}, partner{};
  for (int lane = 0; lane < lane_count; ++lane) {
    mid[lane] = lane - 3.0;
    partner[lane] = lane < 100 ? 0.0 : -50.0;
  }
  NegativePrices<double> prices;
  prices.begin();
  prices.observe(mid.values);
  prices.observe(mid.values, partner.values, 50.0);
  std::vector<double> memory(quantity_count * lane_count);
  PathRows rows;
  for (std::size_t i = 0; i < quantity_count; ++i) rows.rows[i] = &memory[i * lane_count];
  prices.finish(rows);
  for (int lane = 0; lane < lane_count; ++lane)
    REQUIRE(rows[PathQuantity::negative_prices][lane] == (lane <= 3    ? 2.0
                                                          : lane < 100 ? 0.0
                                                                       : 1.0));
}
