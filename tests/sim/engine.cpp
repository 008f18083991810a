#include "sim/engine.hpp"

#include <catch2/catch.hpp>
#include <cstring>

#include "sim/busy_scenario.hpp"
#include "sim/path_trace.hpp"
#include "sim/run_point.hpp"
#include "sim/scalar_path.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

double max_drawdown(const std::vector<double>& equity, bool relative) {
  double peak = equity[0], worst = 0;
  for (const double e : equity) {
    peak = std::max(peak, e);
    worst = std::max(worst, (peak - e) / (relative ? peak : 1.0));
  }
  return worst;
}

double mean_of(const std::vector<double>& x) {
  double sum = 0;
  for (const double v : x) sum += v;
  return sum / static_cast<double>(x.size());
}

template <class Real>
void compare_with_scalar(int variant, double tolerance) {
  const Scenario s = busy_scenario(variant);
  const auto results = run_point<Real>(s, 77, 1000);
  for (int lane = 0; lane < lane_count; ++lane) {
    CAPTURE(variant, lane);
    const auto p = scalar_path(s, 77, 1000 + static_cast<std::uint64_t>(lane));
    double squares = 0, downside = 0;
    const double mean = mean_of(p.change), n = static_cast<double>(p.change.size());
    for (const double x : p.change) {
      squares += (x - mean) * (x - mean);
      downside += std::pow(std::min(x, 0.0), 2);
    }
    const auto near = [&](double value) {
      return Approx(value).margin(tolerance).epsilon(tolerance);
    };
    using Q = PathQuantity;
    REQUIRE(results.at(Q::trades, lane) == p.trades);
    REQUIRE(results.at(Q::terminal_inventory, lane) == p.inventory.back());
    REQUIRE(results.at(Q::pnl, lane) == near(p.equity.back() - p.equity.front()));
    REQUIRE(results.at(Q::max_drawdown, lane) == near(max_drawdown(p.equity, false)));
    REQUIRE(results.at(Q::max_drawdown_pct, lane) == near(max_drawdown(p.equity, true)));
    REQUIRE(results.at(Q::turnover, lane) == near(p.traded_value / s.account.capital));
    REQUIRE(results.at(Q::mean_abs_inventory, lane) == near(p.abs_inventory / n));
    REQUIRE(results.at(Q::path_sharpe, lane) == near(mean / std::sqrt(squares / (n - 1))));
    if (downside > 0)
      REQUIRE(results.at(Q::path_sortino, lane) == near(mean / std::sqrt(downside / n)));
    else
      REQUIRE(std::isnan(results.at(Q::path_sortino, lane)));
  }
}

std::vector<double> doubles_of(const PointState& state) {
  std::vector<double> doubles(state_width({.quantiles = Quantiles::always}));
  write_state(state, doubles);
  return doubles;
}

bool same_bits(const PointState& a, const PointState& b) {
  const auto x = doubles_of(a), y = doubles_of(b);
  return std::memcmp(x.data(), y.data(), x.size() * sizeof(double)) == 0;
}

std::vector<PointInput> some_points() {
  std::vector<PointInput> points;
  for (int variant = 0; variant < 12; ++variant) {
    Scenario s = busy_scenario(variant);
    s.market.sigma += variant % 3;
    points.emplace_back(s, variant < 9 ? 5u : 6u);
  }
  return points;
}

template <class Real>
void compare_packs_with_passes(const Scenario& s) {
  const auto packs = run_point<Real>(s, 21, 512);
  const auto passes = run_point<Real>(s, 21, 512, chunk_steps, true);
  for (std::size_t i = 0; i < basic_count; ++i)
    REQUIRE(std::memcmp(packs.rows[i].data(), passes.rows[i].data(), lane_count * 8) == 0);
}

}  // namespace

TEST_CASE("packs of lanes leave the bits of passes over all lanes", "[sim]") {
  for (int variant = 0; variant < 12; ++variant)
    for (const bool with_fees : {false, true}) {
      CAPTURE(variant, with_fees);
      Scenario s = busy_scenario(variant);
      if (!with_fees) s.account.maker_fee = s.account.fee_per_unit = 0.0;
      compare_packs_with_passes<float>(s);
      compare_packs_with_passes<double>(s);
    }
}

TEST_CASE("double lanes walk the path that a scalar program walks", "[sim]") {
  for (int variant = 0; variant < 12; ++variant) compare_with_scalar<double>(variant, 1e-9);
}

TEST_CASE("single lanes walk the same path to single precision", "[sim]") {
  for (int variant = 0; variant < 12; ++variant) compare_with_scalar<float>(variant, 2e-4);
}

TEST_CASE("cash plus inventory at the mid is the equity that the engine carries", "[sim]") {
  const Scenario s = busy_scenario(1);
  const auto results = run_point<double>(s, 3, 0);
  for (int lane = 0; lane < lane_count; ++lane) {
    const auto p = scalar_path(s, 3, static_cast<std::uint64_t>(lane));
    const double equity = p.cash.back() + p.inventory.back() * p.mid.back();
    REQUIRE(results.at(PathQuantity::pnl, lane) == Approx(equity).margin(1e-9));
  }
}

TEST_CASE("the length of a chunk changes double results by rounding only", "[sim]") {
  const Scenario s = busy_scenario(0);
  const auto whole = run_point<double>(s, 9, 0, 115), pieces = run_point<double>(s, 9, 0, 7);
  for (int lane = 0; lane < lane_count; ++lane)
    for (const auto q : {PathQuantity::pnl, PathQuantity::max_drawdown, PathQuantity::path_sharpe})
      REQUIRE(whole.at(q, lane) == Approx(pieces.at(q, lane)).epsilon(1e-11));
}

TEST_CASE("a point's bits do not depend on the points beside it", "[sim]") {
  const auto points = some_points();
  for (const auto precision : {Precision::single_, Precision::double_}) {
    Engine engine(precision);
    std::vector<PointState> together(points.size());
    engine.simulate(points, {2048, 300}, together);
    for (std::size_t i = points.size(); i-- > 0;) {
      PointState alone;
      engine.simulate({&points[i], 1}, {2048, 300}, {&alone, 1});
      REQUIRE(same_bits(alone, together[i]));
      REQUIRE(alone.paths == 300);
    }
  }
}

TEST_CASE("paths are the same whatever block they are in", "[sim]") {
  const auto points = some_points();
  Engine engine(Precision::single_);
  PointState whole, first, second;
  engine.simulate({&points[0], 1}, {0, 1000}, {&whole, 1});
  engine.simulate({&points[0], 1}, {0, 390}, {&first, 1});
  engine.simulate({&points[0], 1}, {390, 610}, {&second, 1});
  first.merge(second);
  REQUIRE(first[PathQuantity::pnl].mean == Approx(whole[PathQuantity::pnl].mean).epsilon(1e-13));
  REQUIRE(first[PathQuantity::trades].m2 == Approx(whole[PathQuantity::trades].m2).epsilon(1e-13));
}

TEST_CASE("a higher inventory limit than can be reached changes nothing", "[sim]") {
  std::vector<PointInput> points(2, {Scenario{}, 1});
  points[0].scenario.risk.q_max = 1000;
  points[1].scenario.risk.q_max = 1e6;
  std::vector<PointState> states(2);
  Engine(Precision::single_).simulate(points, {0, 256}, states);
  REQUIRE(same_bits(states[0], states[1]));
  points[1].scenario.risk.q_max = 1;
  Engine(Precision::single_).simulate(points, {0, 256}, states);
  REQUIRE(states[1][PathQuantity::mean_abs_inventory].mean <= 1.0);
  REQUIRE_FALSE(same_bits(states[0], states[1]));
}

TEST_CASE("with vanishing risk aversion the skew and its effect vanish", "[sim]") {
  std::vector<PointInput> points(2, {Scenario{}, 1});
  for (auto& point : points) point.scenario.strategy.gamma = 1e-9;
  points[1].scenario.strategy.name = StrategyName::symmetric;
  std::vector<PointState> states(2);
  Engine(Precision::double_).simulate(points, {0, 512}, states);
  REQUIRE(states[0][PathQuantity::pnl].mean ==
          Approx(states[1][PathQuantity::pnl].mean).epsilon(1e-6));
}

TEST_CASE("without moves and fees the P&L is the spread earned and never falls", "[sim]") {
  Scenario s;
  s.market.sigma = 0.0;
  const auto results = run_point<double>(s, 4, 0);
  const double half_spread = std::log(1 + 0.1 / 1.5) / 0.1;
  for (int lane = 0; lane < lane_count; ++lane) {
    REQUIRE(results.at(PathQuantity::pnl, lane) ==
            Approx(half_spread * results.at(PathQuantity::trades, lane)));
    REQUIRE(results.at(PathQuantity::max_drawdown, lane) == 0.0);
    REQUIRE(std::isnan(results.at(PathQuantity::path_sortino, lane)));
  }
}

TEST_CASE("both engines count the steps at negative prices that traces show", "[sim]") {
  for (const auto detail : {Detail::basic, Detail::full})
    for (const auto model : {MarketModel::brownian, MarketModel::cointegrated}) {
      if (detail == Detail::basic && model == MarketModel::cointegrated) continue;
      Scenario s;
      s.market.model = model;
      s.market.initial_price = 1.0;
      s.metrics.detail = detail;
      s.metrics.quantiles = Quantiles::never;
      const PointInput point(s, 3);
      constexpr std::uint64_t first = 128, paths = 5;
      PointState state;
      Engine(Precision::double_).simulate({&point, 1}, {first, paths}, {&state, 1});
      double counted = 0.0;
      for (std::uint64_t path = first; path < first + paths; ++path)
        for (const auto& step : trace_path(point, Precision::double_, path))
          counted += step.mid > 0.0 ? 0.0 : 1.0;
      CAPTURE(static_cast<int>(detail), static_cast<int>(model));
      CHECK(counted > 50.0);
      CHECK(state.negative_prices == counted);
    }
}
