#include "metrics/quantile_sketch.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

using namespace quotesweep;

namespace {

using Values = std::vector<double>;

bool same_bits(const QuantileSketch& a, const QuantileSketch& b) {
  return std::memcmp(&a, &b, sizeof a) == 0;
}

Values normal(std::mt19937_64& random, std::size_t n, double mean, double sd) {
  std::normal_distribution<double> law(mean, sd);
  Values values(n);
  for (auto& value : values) value = law(random);
  return values;
}

/// The value at place ceil(p n) in order.
double order_statistic(Values values, double p) {
  std::sort(values.begin(), values.end());
  const auto place = static_cast<std::size_t>(std::ceil(p * static_cast<double>(values.size())));
  return values[std::max<std::size_t>(place, 1) - 1];
}

/// Samples of every kind that a metric may throw at a sketch.
std::vector<Values> samples() {
  std::mt19937_64 random(7);
  std::vector<Values> all{normal(random, 5000, 65, 6.5),
                          normal(random, 3000, -1e-7, 1e-9),
                          normal(random, 2000, 1e9, 3e4),
                          {3.25},
                          {0.0, 0.0, 0.0},
                          {-4.5, 1e12}};
  auto& outlier = all.emplace_back(normal(random, 1000, 0, 1));
  outlier[500] = -1e6;
  auto& counts = all.emplace_back(4000);
  std::poisson_distribution<int> law(12.0);
  for (auto& value : counts) value = law(random);
  auto& losses = all.emplace_back(normal(random, 4000, 0, 2));
  for (auto& value : losses) value = std::max(value, 0.0);  // an atom at the edge
  return all;
}

constexpr double probabilities[] = {0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999};

}  // namespace

TEST_CASE("any grouping and order of merges gives the bits of one sketch", "[metrics]") {
  std::mt19937_64 random(11);
  for (const auto& values : samples()) {
    const auto whole = sketch(values);
    for (int trial = 0; trial < 20; ++trial) {
      auto shuffled = values;
      std::shuffle(shuffled.begin(), shuffled.end(), random);
      std::vector<QuantileSketch> parts(1);  // one stays empty
      for (std::size_t i = 0; i < shuffled.size();) {
        const std::size_t n = std::min<std::size_t>(1 + random() % 700, shuffled.size() - i);
        parts.push_back(sketch(std::span(shuffled).subspan(i, n)));
        i += n;
      }
      while (parts.size() > 1) {
        const std::size_t into = random() % (parts.size() - 1);
        parts[into].merge(parts.back());
        parts.pop_back();
      }
      REQUIRE(same_bits(parts[0], whole));
    }
  }
}

TEST_CASE("every quantile is within a bin width of the sample's own", "[metrics]") {
  for (const auto& values : samples()) {
    const auto s = sketch(values);
    CAPTURE(values.size(), s.width());
    REQUIRE(s.count() == static_cast<double>(values.size()));
    for (const double p : probabilities)
      REQUIRE(std::abs(s.quantile(p) - order_statistic(values, p)) <= s.width());
  }
}

TEST_CASE("the bins are no wider than the values ask for", "[metrics]") {
  for (const auto& values : samples()) {
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    if (*low == *high) continue;
    REQUIRE(sketch(values).width() <= (*high - *low) / 126.0);
  }
}

TEST_CASE("smooth laws come out far finer than a bin", "[metrics]") {
  std::mt19937_64 random(3);
  const auto values = normal(random, 400'000, 0, 1);
  const auto s = sketch(values);
  for (const double p : {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99}) {
    CAPTURE(p, s.width());
    REQUIRE(s.quantile(p) == Approx(order_statistic(values, p)).margin(0.05 * s.width()));
  }
}

TEST_CASE("the mean below a quantile is that of the values there", "[metrics]") {
  for (const auto& values : samples()) {
    auto sorted = values;
    std::sort(sorted.begin(), sorted.end());
    const auto s = sketch(values);
    for (const double p : {0.05, 0.5, 1.0}) {
      const auto n = static_cast<std::size_t>(std::round(p * static_cast<double>(values.size())));
      if (n == 0 || static_cast<double>(n) != p * static_cast<double>(values.size())) continue;
      double mean = 0.0;
      for (std::size_t i = 0; i < n; ++i) mean += sorted[i] / static_cast<double>(n);
      REQUIRE(std::abs(s.below(p, 0.0).mean - mean) <= s.width());
    }
  }
}

TEST_CASE("the spread of a tail is about the point asked for", "[metrics]") {
  std::mt19937_64 random(5);
  const auto values = normal(random, 200'000, 0, 1);
  const auto s = sketch(values);
  REQUIRE(s.below(1.0, 0.0).spread == Approx(1.0).epsilon(0.01));
  REQUIRE(s.below(1.0, 3.0).spread == Approx(10.0).epsilon(0.01));
}

TEST_CASE("without values there are no quantiles, and what is not finite is left out",
          "[metrics]") {
  const auto none = sketch({});
  REQUIRE(none.count() == 0.0);
  REQUIRE(std::isnan(none.quantile(0.5)));
  constexpr double inf = std::numeric_limits<double>::infinity();
  const Values values{1.0, std::nan(""), 2.0, inf, -inf};
  REQUIRE(sketch(values).count() == 2.0);
}
