#include "replay/indicators.hpp"

#include <catch2/catch.hpp>
#include <numeric>

#include "replay/walk_tape.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

using Series = std::vector<double>;

/// The last `count` values up to and including number `last`.
Series last_values(const Series& values, std::size_t last, std::size_t count) {
  const auto end = values.begin() + static_cast<std::ptrdiff_t>(last) + 1;
  return {end - static_cast<std::ptrdiff_t>(count), end};
}

double mean_of(const Series& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double sd_of(const Series& values) {
  const double mean = mean_of(values);
  double sum = 0.0;
  for (const double x : values) sum += (x - mean) * (x - mean);
  return std::sqrt(sum / static_cast<double>(values.size()));
}

bool mostly_zero(const Series& values) {
  const auto zeros = static_cast<std::size_t>(std::ranges::count(values, 0.0));
  return values.size() - zeros < values.size() / 2;
}

/// Wilder's mean of all but the first value: a plain mean of n, then a moving one.
double wilder(const Series& values, std::size_t last, std::size_t n) {
  double mean = mean_of(last_values(values, n, n));
  for (std::size_t i = n + 1; i <= last; ++i)
    mean = (mean * static_cast<double>(n - 1) + values[i]) / static_cast<double>(n);
  return mean;
}

/// The indicator at one bar, where it exists; by its definition.
double by_definition(const Bars& bars, const Indicator& indicator, std::size_t i) {
  const auto n = static_cast<std::size_t>(indicator.window);
  const Series& open = bars.open;
  Series returns{0.0}, ranges{0.0}, up{0.0}, down{0.0}, true_ranges{0.0};
  for (std::size_t j = 1; j <= i; ++j) {
    const double before = j > 1 ? bars.close[j - 2] : open[0];
    returns.push_back(std::log(open[j] / open[j - 1]));
    ranges.push_back((bars.high[j - 1] - bars.low[j - 1]) / open[j]);
    up.push_back(std::max(0.0, open[j] - open[j - 1]));
    down.push_back(std::max(0.0, open[j - 1] - open[j]));
    true_ranges.push_back(
        std::max({bars.high[j - 1] - bars.low[j - 1], std::abs(bars.high[j - 1] - before),
                  std::abs(bars.low[j - 1] - before)}));
  }
  const auto last = [&](const Series& values) { return last_values(values, i, n); };
  switch (indicator.kind) {
    case IndicatorKind::volatility:
      return mostly_zero(last(returns)) ? 0.0 : sd_of(last(returns));
    case IndicatorKind::sma_deviation:
      return open[i] / mean_of(last(open)) - 1.0;
    case IndicatorKind::momentum:
      return open[i] / open[i - n] - 1.0;
    case IndicatorKind::range_mean:
      return mostly_zero(last(ranges)) ? 0.0 : mean_of(last(ranges));
    case IndicatorKind::range_sd:
      return mostly_zero(last(ranges)) ? 0.0 : sd_of(last(ranges));
    case IndicatorKind::rsi: {
      const double rise = wilder(up, i, n), fall = wilder(down, i, n);
      return rise + fall > 0.0 ? 100.0 - 100.0 / (1.0 + rise / fall) : 50.0;
    }
    case IndicatorKind::atr:
      return wilder(true_ranges, i, n);
    case IndicatorKind::own:  // has no rule but the user's
    case IndicatorKind::ema:
      break;
  }
  const double weight = 2.0 / (static_cast<double>(n) + 1.0);
  double mean = open[0];
  for (std::size_t j = 1; j <= i; ++j) mean = weight * open[j] + (1.0 - weight) * mean;
  return mean;
}

/// The first bar at whose open there is a whole window.
std::size_t first_bar(const Indicator& indicator) {
  const auto n = static_cast<std::size_t>(indicator.window);
  const bool of_opens =
      indicator.kind == IndicatorKind::sma_deviation || indicator.kind == IndicatorKind::ema;
  return of_opens ? n - 1 : n;
}

constexpr IndicatorKind kinds[] = {IndicatorKind::volatility, IndicatorKind::sma_deviation,
                                   IndicatorKind::momentum,   IndicatorKind::range_mean,
                                   IndicatorKind::range_sd,   IndicatorKind::ema,
                                   IndicatorKind::rsi,        IndicatorKind::atr};

void compare(const Bars& bars, const Indicator& indicator) {
  const Series found = compute_indicator(bars, indicator);
  REQUIRE(found.size() == bars.open.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    INFO("kind " << static_cast<int>(indicator.kind) << ", window " << indicator.window << ", bar "
                 << i);
    if (i < first_bar(indicator))
      REQUIRE(found[i] == 0.0);
    else
      REQUIRE(found[i] == Approx(by_definition(bars, indicator, i)).epsilon(1e-9).margin(1e-12));
  }
}

/// Bars whose price stands still for long, so that windows hold hardly any moves.
Bars sleepy_walk() {
  Bars bars = walk("ONE", 300, 100.0, 0.004, 3);
  for (std::size_t i = 1; i < 300; ++i) {
    if (i % 37 < 16) continue;
    bars.open[i] = bars.high[i] = bars.low[i] = bars.close[i] = bars.open[i - 1];
  }
  return bars;
}

}  // namespace

TEST_CASE("indicators are what their definitions say, and zero before their window is full",
          "[replay]") {
  const Bars bars = walk("ONE", 400, 100.0, 0.004, 1);
  for (const auto kind : kinds)
    for (const int window : {2, 3, 7, 64, 65, 399}) compare(bars, {kind, window});
  for (const auto kind : {IndicatorKind::sma_deviation, IndicatorKind::momentum, IndicatorKind::ema,
                          IndicatorKind::rsi, IndicatorKind::atr})
    compare(bars, {kind, 1});
}

TEST_CASE("indicators of a sleepy market are zero where less than half of the window moved",
          "[replay]") {
  const Bars bars = sleepy_walk();
  for (const auto kind : kinds)
    for (const int window : {2, 6, 7, 20}) compare(bars, {kind, window});
  const auto volatility = compute_indicator(bars, {IndicatorKind::volatility, 20});
  CHECK(std::count(volatility.begin() + 20, volatility.end(), 0.0) > 20);
  CHECK(std::count(volatility.begin() + 20, volatility.end(), 0.0) < 250);
}

TEST_CASE("an indicator whose window is as long as the tape, or longer, is zero", "[replay]") {
  const Bars bars = walk("ONE", 50, 100.0, 0.004, 1);
  for (const auto kind : kinds)
    for (const int window : {51, 1000}) {
      const auto values = compute_indicator(bars, {kind, window});
      CHECK(values == Series(50, 0.0));
    }
}

TEST_CASE("a rolling volatility keeps its digits over a long tape at a high price", "[replay]") {
  const Bars bars = walk("ONE", 50'000, 1e6, 1e-5, 1);
  const auto volatility = compute_indicator(bars, {IndicatorKind::volatility, 100});
  Bars end{.symbol = "ONE"};
  end.open.assign(bars.open.end() - 101, bars.open.end());
  const auto alone = compute_indicator(end, {IndicatorKind::volatility, 100});
  CHECK(volatility.back() == Approx(alone.back()).epsilon(1e-9));
}

TEST_CASE("what indicators say at a bar does not depend on later bars, nor on its own range",
          "[replay]") {
  const Bars bars = walk("ONE", 200, 100.0, 0.004, 1);
  for (const auto kind : kinds) {
    const auto before = compute_indicator(bars, {kind, 7});
    Bars changed = bars;
    for (std::size_t i = 100; i < 200; ++i) {
      changed.high[i] *= 2.0;
      changed.close[i] *= 1.5;
      if (i > 100) changed.open[i] *= 1.3;
    }
    const auto after = compute_indicator(changed, {kind, 7});
    CHECK(std::equal(before.begin(), before.begin() + 101, after.begin()));
    CHECK(before != after);
  }
}

TEST_CASE("a shelf computes an indicator once, and gives it to all who ask", "[replay]") {
  const Bars bars = walk("ONE", 100, 100.0, 0.004, 1);
  BarShelf shelf(bars);
  const auto first = shelf.get({IndicatorKind::momentum, 3});
  shelf.get({IndicatorKind::momentum, 4});
  const auto second = shelf.get({IndicatorKind::momentum, 3});
  CHECK(first.data() == second.data());
  CHECK(Series(first.begin(), first.end()) ==
        compute_indicator(bars, {IndicatorKind::momentum, 3}));
}
