#include "signal/cointegration.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "csv.hpp"
#include "price_pairs.hpp"
#include "signal/mackinnon.hpp"

using namespace quotesweep;

namespace {

template <class Real>
Cointegration estimate(const LanePrices<Real>& prices, int lags) {
  Cointegration result;
  const PairWindow<Real> window{prices.traded.data(), prices.partner.data(),
                                static_cast<std::int64_t>(prices.traded.size())};
  estimate_cointegration(window, lags, result);
  return result;
}

/// The same pair in all lanes.
template <class Real>
Cointegration estimate(const Prices& prices, int lags) {
  LanePrices<Real> lanes(prices.traded.size());
  for (int lane = 0; lane < lane_count; ++lane) lanes.set(lane, prices);
  return estimate(lanes, lags);
}

/// y = 2 x + residual over 40 steps of a regular x, to which residuals of period 2 are orthogonal.
Prices regular(double even_residual, double odd_residual, double level = 0.0) {
  Prices prices;
  for (int i = 0; i < 40; ++i) {
    const double x = level + (i % 4 < 2 ? 1.0 : -1.0);
    prices.partner.push_back(x);
    prices.traded.push_back(2.0 * x + (i % 2 == 0 ? even_residual : odd_residual));
  }
  return prices;
}

template <class Real>
void require_nothing(const Prices& prices) {
  for (const int lags : {0, 1, 4}) {
    const auto result = estimate<Real>(prices, lags);
    for (const int lane : {0, 17, 127}) {
      REQUIRE(result.hedge_ratio[lane] == 0.0);
      REQUIRE(result.intercept[lane] == 0.0);
      REQUIRE(result.sd[lane] == 0.0);
      REQUIRE(result.statistic[lane] == std::numeric_limits<double>::infinity());
    }
  }
}

}  // namespace

TEST_CASE("hedge ratio, sd, statistic and p-value of 100 windows are those of statsmodels",
          "[signal]") {
  const auto rows = read_csv(SOURCE_DIR "/tests/signal/cointegration.csv");
  REQUIRE(rows.size() == 100);
  for (const auto& row : rows) {
    const PairLaw law{number(row, "phi"), number(row, "slope"), number(row, "level"),
                      number(row, "scale")};
    const auto seed = static_cast<std::uint64_t>(number(row, "seed"));
    const auto lookback = static_cast<std::int64_t>(number(row, "lookback"));
    const int lane = static_cast<int>(seed * 29 % lane_count);  // among windows of other numbers
    auto prices = make_lane_prices<double>(law, lookback, 1000 + seed);
    Noise noise(seed);
    prices.set(lane, make_prices(law, lookback, noise));

    const auto result = estimate(prices, static_cast<int>(number(row, "lags")));
    CAPTURE(seed, lookback, lane, row.at("lags"));
    const auto meets = [&](const char* name) {
      return Approx(number(row, name)).epsilon(1e-8).margin(1e-9);
    };
    REQUIRE(result.hedge_ratio[lane] == meets("hedge_ratio"));
    REQUIRE(result.intercept[lane] == meets("intercept"));
    REQUIRE(result.sd[lane] == meets("sd"));
    REQUIRE(result.statistic[lane] == meets("statistic"));
    REQUIRE(mackinnon_p_value(result.statistic[lane], 2) == meets("p_value"));
  }
}

TEST_CASE("a lane's estimate does not depend on its place or its neighbours", "[signal]") {
  const auto prices = make_lane_prices<float>({}, 50, 7);
  const auto together = estimate(prices, 2);
  Noise noise(7);
  for (int lane = 0; lane < lane_count; ++lane) {
    const auto alone = estimate<float>(make_prices({}, 50, noise), 2);
    for (const int place : {0, 63, 127}) {
      REQUIRE(alone.hedge_ratio[place] == together.hedge_ratio[lane]);
      REQUIRE(alone.sd[place] == together.sd[lane]);
      REQUIRE(alone.statistic[place] == together.statistic[lane]);
    }
  }
}

TEST_CASE("prices of 60000 with moves of 0.01 are as accurate as small ones", "[signal]") {
  Noise noise(3);
  const auto near = make_prices({.scale = 0x1p-7}, 200, noise);
  auto far = near;  // on a grid of 2^-35, so that the shift rounds by at most 2^-38
  for (auto* series : {&far.traded, &far.partner})
    for (double& price : *series) price += 60000.0;
  const auto a = estimate<double>(near, 1), b = estimate<double>(far, 1);
  REQUIRE(b.hedge_ratio[0] == Approx(a.hedge_ratio[0]).epsilon(1e-8));
  REQUIRE(b.sd[0] == Approx(a.sd[0]).epsilon(1e-8));
  REQUIRE(b.statistic[0] == Approx(a.statistic[0]).epsilon(1e-8));
}

TEST_CASE("what does not move gives nothing, not NaN", "[signal]") {
  const auto moving = regular(0.1, -0.1);
  const std::vector<double> rest(40, 60000.1), zero(40, 0.0);
  require_nothing<double>({moving.traded, rest});
  require_nothing<double>({rest, moving.partner});
  require_nothing<double>({rest, rest});
  require_nothing<float>({zero, zero});
  require_nothing<float>({moving.partner, moving.partner});
}

TEST_CASE("a residual of nothing but rounding is none", "[signal]") {
  auto prices = regular(0.0, 0.0);
  for (const double level : {0.0, 3.0, 700.0}) {
    CAPTURE(level);
    Noise noise(5);
    for (std::size_t i = 0; i < 40; ++i) {
      prices.partner[i] = level + noise();
      prices.traded[i] = 2.1 * prices.partner[i] + 0.3;
    }
    require_nothing<float>(prices);
    require_nothing<double>(prices);
    for (std::size_t i = 0; i < 40; ++i) prices.traded[i] += 0.01 * noise();
    REQUIRE(estimate<float>(prices, 1).sd[0] == Approx(0.0057).epsilon(0.3));
  }
}

TEST_CASE("dependent columns leave the statistic infinite, an exact fit does not", "[signal]") {
  const auto alternating = regular(0.125, -0.125);      // without rounding
  const auto exact = estimate<double>(alternating, 0);  // de = -2 e
  REQUIRE(exact.hedge_ratio[0] == Approx(2.0).epsilon(1e-12));
  REQUIRE(exact.sd[0] == Approx(0.125).epsilon(1e-12));
  REQUIRE(exact.statistic[0] < -1e6);
  REQUIRE(std::isfinite(exact.statistic[0]));
  const auto dependent = estimate<double>(alternating, 1);  // de_{t-1} = 2 e_{t-1}
  REQUIRE(dependent.hedge_ratio[0] == Approx(2.0).epsilon(1e-12));
  REQUIRE(dependent.statistic[0] == std::numeric_limits<double>::infinity());
}
