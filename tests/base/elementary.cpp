#include "base/elementary.hpp"

#include <catch2/catch.hpp>
#include <numbers>
#include <random>
#include <vector>

using namespace quotesweep;

namespace {

constexpr int samples = 200'000;

/// Error in units of the last place of the exact value. The reference is the C library's in `long
/// double`, which has eleven bits more than double.
template <class Real>
double units_off(Real value, long double exact) {
  const Real size = std::abs(static_cast<Real>(exact));
  const Real unit = std::nextafter(size, std::numeric_limits<Real>::infinity()) - size;
  return static_cast<double>(std::abs(static_cast<long double>(value) - exact) / unit);
}

/// Largest error of `function` against `exact` over arguments from `draw`.
template <class Real, class Function, class Exact, class Draw>
double worst(Function function, Exact exact, Draw draw) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  double most = 0.0;
  for (int i = 0; i < samples; ++i) {
    const auto x = static_cast<Real>(draw(uniform(random), i % 2 == 0 ? 1.0 : -1.0));
    most = std::max(most, units_off(function(x), exact(static_cast<long double>(x))));
  }
  return most;
}

/// The quantile where the smaller tail is (magnitude + 1/2) / 2^32, as the draws call it.
template <class Real>
Real quantile_of(std::uint32_t magnitude, Real side = Real(1)) {
  const auto share = [](std::uint32_t n) {
    return (static_cast<Real>(static_cast<std::int32_t>(n)) + Real(0.5)) * Real(0x1p-32);
  };
  return elementary::normal_quantile(share(magnitude), share(0x7FFFFFFFu - magnitude), side);
}

/// The exact quantile of the rounded tail (or, near the median, of the rounded distance from it)
/// that `quantile_of` passes on, by Newton's method on the C library's erfc.
template <class Real>
long double exact_quantile(std::uint32_t magnitude) {
  const auto rounded = [](std::uint32_t n) {
    return static_cast<long double>((static_cast<Real>(n) + Real(0.5)) * Real(0x1p-32));
  };
  const long double tail = rounded(magnitude), centre = rounded(0x7FFFFFFFu - magnitude);
  const long double root2 = std::numbers::sqrt2_v<long double>;
  long double x = quantile_of<Real>(magnitude);
  for (int i = 0; i < 4; ++i) {
    const long double density =
        std::exp(-x * x / 2) * std::numbers::inv_sqrtpi_v<long double> / root2;
    const long double excess =
        tail < 0.25L ? 0.5L * std::erfc(x / root2) - tail : centre - 0.5L * std::erf(x / root2);
    x += excess / density;
  }
  return x;
}

std::vector<std::uint32_t> magnitudes() {
  std::mt19937_64 random(2);
  std::uniform_real_distribution<double> exponent(0.0, 31.0);
  std::vector<std::uint32_t> all{0, 1, 0x7FFFFFFFu, 0x7FFFFFFEu};
  for (int i = 0; i < samples / 4; ++i) {
    const auto near_zero = static_cast<std::uint32_t>(std::exp2(exponent(random)) - 0.5);
    all.insert(all.end(),
               {static_cast<std::uint32_t>(random() >> 33), near_zero, 0x7FFFFFFFu - near_zero});
  }
  return all;
}

}  // namespace

TEMPLATE_TEST_CASE("log is within 4 units in the last place of the C library's", "[base]", float,
                   double) {
  using Limits = std::numeric_limits<TestType>;
  const auto log = [](TestType x) { return elementary::log(x); };
  const auto exact = [](long double x) { return std::log(x); };
  const double low = std::log(Limits::min()), high = std::log(Limits::max());
  CHECK(worst<TestType>(log, exact, [=](double u, double) {
          return std::max<double>(Limits::min(), std::exp(low + 0.9999 * u * (high - low)));
        }) < 4.0);
  CHECK(worst<TestType>(log, exact, [](double u, double) { return 0.5 + 1.5 * u; }) < 4.0);
  CHECK(worst<TestType>(log, exact, [](double u, double sign) {
          return 1.0 + sign * 0.9 * std::exp(-30.0 * u);
        }) < 4.0);
  CHECK(elementary::log(TestType(1)) == TestType(0));
}

TEMPLATE_TEST_CASE("log1p is within 4 units in the last place, however small x", "[base]", float,
                   double) {
  const auto log1p = [](TestType x) { return elementary::log1p(x); };
  const auto exact = [](long double x) { return std::log1p(x); };
  CHECK(worst<TestType>(log1p, exact, [](double u, double sign) {
          return 0.99 * sign * std::exp(-60.0 * u);
        }) < 4.0);
  CHECK(worst<TestType>(log1p, exact, [](double u, double) { return -0.9999999 * u; }) < 4.0);
  CHECK(worst<TestType>(log1p, exact, [](double u, double) { return std::exp(60.0 * u); }) < 4.0);
  CHECK(elementary::log1p(TestType(0)) == TestType(0));
}

TEST_CASE("exp is within 4 units in the last place and saturates at its ends", "[base]") {
  const auto exp = [](double x) { return elementary::exp(x); };
  const auto exact = [](long double x) { return std::exp(x); };
  CHECK(worst<double>(exp, exact, [](double u, double) { return -708.0 + 1417.0 * u; }) < 4.0);
  CHECK(worst<double>(exp, exact, [](double u, double sign) { return sign * u; }) < 4.0);
  CHECK(elementary::exp(0.0) == 1.0);
  CHECK(elementary::exp(-708.5) == 0.0);
  CHECK(elementary::exp(-std::numeric_limits<double>::infinity()) == 0.0);
  CHECK(std::isinf(elementary::exp(709.1)));
  CHECK(std::isnan(elementary::exp(std::numeric_limits<double>::quiet_NaN())));
}

TEMPLATE_TEST_CASE("the normal quantile inverts erfc within 8 units in the last place", "[base]",
                   float, double) {
  double most = 0.0;
  for (const auto magnitude : magnitudes())
    most = std::max(
        most, units_off(quantile_of<TestType>(magnitude), exact_quantile<TestType>(magnitude)));
  CHECK(most < 8.0);
}

TEMPLATE_TEST_CASE("the normal quantile mirrors its sides and falls with the tail", "[base]", float,
                   double) {
  TestType before = std::numeric_limits<TestType>::infinity();
  for (std::uint32_t magnitude = 0; magnitude < 0x7FFFFFFFu; magnitude += 7919) {
    const auto value = quantile_of<TestType>(magnitude);
    if (!(value < before)) FAIL("not below the value before at " << magnitude);
    before = value;
  }
  CHECK(before > TestType(0));
  for (const auto magnitude : magnitudes())
    REQUIRE(quantile_of(magnitude, TestType(-1)) == -quantile_of(magnitude, TestType(1)));
}

TEMPLATE_TEST_CASE("parts above and below zero are those of comparisons", "[base]", float, double) {
  std::mt19937 random(5);
  std::uniform_real_distribution<TestType> uniform(TestType(-3), TestType(3));
  constexpr auto least = std::numeric_limits<TestType>::min();
  std::vector<TestType> all{0, 1, -1, least, -least, TestType(1e30), TestType(-1e30)};
  for (int i = 0; i < 1000; ++i) all.push_back(uniform(random));
  for (const TestType x : all) {
    CAPTURE(x);
    REQUIRE(elementary::positive_part(x) == std::max(x, TestType(0)));
    REQUIRE(elementary::negative_part(x) == std::min(x, TestType(0)));
    for (const auto one : {2U, 256U})
      REQUIRE(elementary::bit_unless_zero(x, one) == (x == TestType(0) ? 0U : one));
  }
  CHECK_FALSE(std::signbit(elementary::positive_part(-TestType(0))));
}
