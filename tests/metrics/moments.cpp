#include "metrics/moments.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "metrics/point_state.hpp"

using namespace quotesweep;

namespace {

std::vector<double> skewed_sample(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  std::exponential_distribution<double> law(0.5);
  std::vector<double> x(n);
  for (auto& v : x) v = 1000.0 + law(random);
  return x;
}

Moments exact(const std::vector<double>& x) {
  long double sum = 0, m2 = 0, m3 = 0, m4 = 0;
  for (const double v : x) sum += v;
  const long double mean = sum / static_cast<long double>(x.size());
  for (const double v : x) {
    const long double d = v - mean;
    m2 += d * d, m3 += d * d * d, m4 += d * d * d * d;
  }
  return {static_cast<double>(x.size()), static_cast<double>(mean), static_cast<double>(m2),
          static_cast<double>(m3), static_cast<double>(m4)};
}

void require_near(const Moments& a, const Moments& b) {
  REQUIRE(a.count == b.count);
  REQUIRE(a.mean == Approx(b.mean).epsilon(1e-14));
  REQUIRE(a.m2 == Approx(b.m2).epsilon(1e-11));
  REQUIRE(a.m3 == Approx(b.m3).epsilon(1e-10).margin(1e-9));
  REQUIRE(a.m4 == Approx(b.m4).epsilon(1e-10));
}

}  // namespace

TEST_CASE("moments are those of extended precision, for any length", "[metrics]") {
  for (const std::size_t n : {1u, 2u, 15u, 16u, 17u, 1000u, 1024u}) {
    CAPTURE(n);
    const auto x = skewed_sample(n, 5);
    require_near(summarise(x), exact(x));
  }
}

TEST_CASE("merged parts have the moments of the whole", "[metrics]") {
  const auto x = skewed_sample(5000, 6);
  Moments merged;
  for (const std::size_t cut : {0u, 1u, 700u, 701u, 4096u}) {
    const std::size_t next = cut == 0     ? 1
                             : cut == 1   ? 700
                             : cut == 700 ? 701
                             : cut == 701 ? 4096
                                          : 5000;
    merged.merge(summarise(std::span(x).subspan(cut, next - cut)));
  }
  require_near(merged, exact(x));
  Moments unchanged = merged;
  unchanged.merge({});
  REQUIRE(std::memcmp(&unchanged, &merged, sizeof merged) == 0);
}

TEST_CASE("undefined values are left out and not counted", "[metrics]") {
  auto x = skewed_sample(100, 7);
  const auto expected = exact(x);
  for (std::size_t i = 0; i < 50; ++i)
    x.insert(x.begin() + static_cast<std::ptrdiff_t>(3 * i),
             std::numeric_limits<double>::quiet_NaN());
  require_near(summarise(x), expected);
  const std::vector<double> none(20, std::numeric_limits<double>::quiet_NaN());
  REQUIRE(summarise(none).count == 0.0);
  REQUIRE(std::isnan(summarise(none).variance()));
  std::vector<double> zeros(40, 0.0);
  zeros[7] = none[0];
  REQUIRE(summarise(zeros).count == 39.0);
  REQUIRE(summarise(zeros).mean == 0.0);
  REQUIRE(summarise(zeros).variance() == 0.0);
}

TEST_CASE("variance, skewness and kurtosis are the textbook ones", "[metrics]") {
  const std::vector<double> x{1, 2, 3, 4, 10};
  const auto m = summarise(x);
  REQUIRE(m.variance() == Approx(12.5));  // ddof 1
  REQUIRE(m.standard_error() == Approx(std::sqrt(2.5)));
  REQUIRE(m.skewness() == Approx(36.0 / std::pow(10.0, 1.5)));
  REQUIRE(m.kurtosis() == Approx(278.8 / 100.0));
}

TEST_CASE("merged states keep the cross moment of the whole", "[metrics]") {
  std::vector<double> values(quantity_count * 200);
  std::mt19937 random(8);
  std::normal_distribution<double> law(1.0, 2.0);
  for (auto& v : values) v = law(random);
  const auto rows_from = [&](std::size_t first) {
    PathRows rows;
    for (std::size_t i = 0; i < rows.rows.size(); ++i) rows.rows[i] = &values[i * 200 + first];
    return rows;
  };
  const auto whole = summarise_paths(rows_from(0), 200, {.quantiles = Quantiles::never});
  auto parts = summarise_paths(rows_from(0), 30, {.quantiles = Quantiles::never});
  parts.merge(summarise_paths(rows_from(30), 170, {.quantiles = Quantiles::never}));
  REQUIRE(parts.paths == 200);
  REQUIRE(parts.pnl_downside_cross == Approx(whole.pnl_downside_cross).epsilon(1e-11));
  REQUIRE(parts.clamped_fills == Approx(whole.clamped_fills));
  REQUIRE(state_columns({.quantiles = Quantiles::never}).size() ==
          state_width({.quantiles = Quantiles::never}));
}
