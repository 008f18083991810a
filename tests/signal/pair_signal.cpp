#include "signal/pair_signal.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "price_pairs.hpp"

using namespace quotesweep;

namespace {

template <class Real>
void observe(PairSignal<Real>& signal, const LanePrices<Real>& prices, std::size_t step) {
  signal.observe(prices.traded[step].values, prices.partner[step].values);
}

/// Everything that a signal says at one step.
template <class Real>
struct Said {
  LaneArray<Real> z, signal, direction, gate, hedge_ratio, held_hedge_ratio;

  explicit Said(const PairSignal<Real>& s)
      : z(s.z()),
        signal(s.signal()),
        direction(s.direction()),
        gate(s.gate()),
        hedge_ratio(s.hedge_ratio()),
        held_hedge_ratio(s.held_hedge_ratio()) {}
};

template <class Real>
bool same_bits(const LaneArray<Real>& a, const LaneArray<Real>& b) {
  return std::memcmp(a.values, b.values, sizeof a.values) == 0;
}

template <class Real>
bool same_bits(const Said<Real>& a, const Said<Real>& b) {
  return same_bits(a.z, b.z) && same_bits(a.signal, b.signal) &&
         same_bits(a.direction, b.direction) && same_bits(a.gate, b.gate) &&
         same_bits(a.hedge_ratio, b.hedge_ratio) &&
         same_bits(a.held_hedge_ratio, b.held_hedge_ratio);
}

/// Number of lanes, of `blocks` blocks, whose gate is open after the first window.
int open_gates(const PairLaw& law, const PairTerms& terms, std::uint64_t blocks) {
  int open = 0;
  for (std::uint64_t block = 0; block < blocks; ++block) {
    const auto prices = make_lane_prices<float>(law, terms.lookback, 100 + block);
    PairSignal<float> signal(terms);
    for (std::size_t i = 0; i < prices.traded.size(); ++i) observe(signal, prices, i);
    for (int lane = 0; lane < lane_count; ++lane) open += static_cast<int>(signal.gate()[lane]);
  }
  return open;
}

}  // namespace

TEST_CASE("the first estimate comes with observation `lookback`, the next every interval",
          "[signal]") {
  const auto prices = make_lane_prices<float>({}, 100, 1);
  PairSignal<float> signal({.lookback = 30, .interval = 7, .adf_pval_max = 1.0});
  auto before = signal.hedge_ratio();
  for (std::size_t seen = 1; seen <= 100; ++seen) {
    observe(signal, prices, seen - 1);
    const bool due = seen >= 30 && (seen - 30) % 7 == 0;
    CAPTURE(seen);
    for (int lane = 0; lane < lane_count; ++lane) {
      REQUIRE((signal.hedge_ratio()[lane] != before[lane]) == due);
      REQUIRE(signal.gate()[lane] == (seen >= 30 ? 1.0f : 0.0f));
    }
    before = signal.hedge_ratio();
  }
}

TEST_CASE("z is the residual of the latest window's estimate in its sds", "[signal]") {
  const auto prices = make_lane_prices<double>({}, 95, 2);
  PairSignal<double> signal({.lookback = 30, .interval = 10});
  Cointegration estimate;
  for (std::size_t i = 0; i < 95; ++i) {
    observe(signal, prices, i);
    if (i < 29) continue;
    const std::size_t last = 29 + (i - 29) / 10 * 10;
    estimate_cointegration<double>({&prices.traded[last - 29], &prices.partner[last - 29], 30}, 1,
                                   estimate);
    for (int lane = 0; lane < lane_count; ++lane) {
      REQUIRE(signal.hedge_ratio()[lane] == estimate.hedge_ratio[lane]);
      const double fair =
          estimate.intercept[lane] + estimate.hedge_ratio[lane] * prices.partner[i][lane];
      REQUIRE(signal.z()[lane] == Approx((prices.traded[i][lane] - fair) / estimate.sd[lane]));
    }
  }
}

TEST_CASE("a closed gate lets no z in", "[signal]") {
  // Independent walks wander far apart; with a p-value of 1e-9 no gate opens.
  const auto prices = make_lane_prices<float>({.phi = 1.0, .slope = 0.0}, 400, 4);
  PairSignal<float> signal({.lookback = 50, .adf_pval_max = 1e-9});
  int far = 0;
  for (std::size_t i = 0; i < 400; ++i) {
    observe(signal, prices, i);
    for (int lane = 0; lane < lane_count; ++lane) {
      far += std::abs(signal.z()[lane]) > 2.0f;
      REQUIRE(signal.signal()[lane] == 0.0f);
      REQUIRE(signal.direction()[lane] == 0.0f);
    }
  }
  REQUIRE(far > 1000);
}

TEST_CASE("the gate opens for cointegrated pairs", "[signal]") {
  for (const double slope : {1.2, -0.5})
    REQUIRE(open_gates({.phi = 0.8, .slope = slope}, {}, 8) >= 0.8 * 1024);
}

TEST_CASE("the gate opens for independent walks as often as its p-value says", "[signal]") {
  // The surface is asymptotic: at 400 steps the true probability is within a tenth of it.
  constexpr int windows = 32 * lane_count;
  for (const double p : {0.05, 0.2}) {
    const int open =
        open_gates({.phi = 1.0, .slope = 0.0}, {.lookback = 400, .adf_pval_max = p}, 32);
    const double expected = p * windows;
    CAPTURE(p, open, expected);
    REQUIRE(std::abs(open - expected) < 4.0 * std::sqrt(expected * (1.0 - p)) + 0.1 * expected);
  }
}

TEMPLATE_TEST_CASE("what is said at a step does not depend on later prices", "[signal]", float,
                   double) {
  const auto prices = make_lane_prices<TestType>({}, 300, 5);
  auto other = prices;
  for (std::size_t i = 200; i < 300; ++i)
    for (int lane = 0; lane < lane_count; ++lane) other.traded[i][lane] += TestType(3);
  PairSignal<TestType> a({.lookback = 50, .adf_pval_max = 0.2}),
      b({.lookback = 50, .adf_pval_max = 0.2});
  for (std::size_t i = 0; i < 300; ++i) {
    observe(a, prices, i);
    observe(b, other, i);
    CAPTURE(i);
    REQUIRE(same_bits(Said(a), Said(b)) == (i < 200));
  }
}

TEMPLATE_TEST_CASE("prices turned over, in another unit, give the same signal turned over",
                   "[signal]", float, double) {
  const auto prices = make_lane_prices<TestType>({}, 300, 6);
  auto turned = prices;
  for (auto* series : {&turned.traded, &turned.partner})
    for (auto& row : *series)
      for (int lane = 0; lane < lane_count; ++lane) row[lane] *= TestType(-4);
  PairSignal<TestType> a({.lookback = 50}), b({.lookback = 50});
  double taken = 0.0;
  for (std::size_t i = 0; i < 300; ++i) {
    observe(a, prices, i);
    observe(b, turned, i);
    REQUIRE(same_bits(a.gate(), b.gate()));
    REQUIRE(same_bits(a.held_hedge_ratio(), b.held_hedge_ratio()));
    for (int lane = 0; lane < lane_count; ++lane) {
      REQUIRE(a.z()[lane] == -b.z()[lane]);
      REQUIRE(a.signal()[lane] == -b.signal()[lane]);
      REQUIRE(a.direction()[lane] == -b.direction()[lane]);
      taken += std::abs(a.direction()[lane]);
    }
  }
  REQUIRE(taken > 1000);
}

TEST_CASE("begun again, a signal says what a new one says", "[signal]") {
  const auto first = make_lane_prices<float>({}, 93, 8),
             second = make_lane_prices<float>({}, 150, 9);
  PairSignal<float> used({.lookback = 50}), fresh({.lookback = 50});
  for (std::size_t i = 0; i < 93; ++i) observe(used, first, i);
  used.begin();
  REQUIRE(same_bits(Said(used), Said(fresh)));
  for (std::size_t i = 0; i < 150; ++i) {
    observe(used, second, i);
    observe(fresh, second, i);
    REQUIRE(same_bits(Said(used), Said(fresh)));
  }
}

TEST_CASE("float and double lanes agree", "[signal]") {
  const auto narrow = make_lane_prices<float>({}, 1000, 10);
  const auto wide = make_lane_prices<double>({}, 1000, 10);
  PairSignal<float> a({});
  PairSignal<double> b({});
  int taken = 0, different = 0;
  for (std::size_t i = 0; i < 1000; ++i) {
    observe(a, narrow, i);
    observe(b, wide, i);
    for (int lane = 0; lane < lane_count; ++lane) {
      REQUIRE(double(a.hedge_ratio()[lane]) == Approx(b.hedge_ratio()[lane]).margin(1e-5));
      REQUIRE(double(a.z()[lane]) == Approx(b.z()[lane]).margin(1e-4));
      taken += b.direction()[lane] != 0.0;
      different += double(a.direction()[lane]) != b.direction()[lane];
    }
  }
  CAPTURE(taken, different);
  REQUIRE(taken > 10000);
  REQUIRE(different <= taken / 1000);  // a z or a statistic within rounding of its threshold
}
