#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

/// Elementary functions that give the same bits with every compiler, C library and vector width:
/// only additions, multiplications, divisions, square roots and bit moves, which IEEE 754 fixes.
/// Everything that decides a stored number uses these instead of the C library's. They vectorise
/// inside plain loops. Errors against correctly rounded values are below 4 units in the last place,
/// of the normal quantile below 8.
namespace quotesweep::elementary {

/// Properties of a floating-point format that the functions need.
template <class Real>
struct Format {
  static constexpr bool is_double = std::is_same_v<Real, double>;
  static_assert(is_double || std::is_same_v<Real, float>);
  using Bits = std::conditional_t<is_double, std::uint64_t, std::uint32_t>;
  using SignedBits = std::conditional_t<is_double, std::int64_t, std::int32_t>;
  static constexpr int mantissa_bits = is_double ? 52 : 23;
  static constexpr Bits sqrt_half_bits = is_double ? Bits(0x3FE6A09E667F3BCD) : Bits(0x3F3504F3);
  // ln 2 in two parts; the high part times any exponent is exact.
  static constexpr Real ln2_high = is_double ? Real(0x1.62e42fefa38p-1) : Real(0x1.62ep-1);
  static constexpr Real ln2_low = is_double ? Real(0x1.ef35793c7673p-45) : Real(0x1.0bfbe8e7bp-15);
};

/// `bits` or 0.
template <class Bits>
inline Bits bits_if(bool condition, Bits bits) {
  return (Bits{0} - Bits{condition}) & bits;
}

/// x or 0, by bits. As a selection, compilers would expand several that meet in a sum into cases,
/// which do not vectorise, or into masked stores that the next load has to wait for.
template <class Real>
inline Real kept_if(bool condition, Real x) {
  using Bits = typename Format<Real>::Bits;
  return std::bit_cast<Real>(bits_if(condition, std::bit_cast<Bits>(x)));
}

/// max(x, 0), and 0 for -0, as a maximum of integers: of a comparison with 0 compilers make a
/// comparison and a selection.
template <class Real>
inline Real positive_part(Real x) {
  using SignedBits = typename Format<Real>::SignedBits;
  const auto bits = std::bit_cast<SignedBits>(x);
  return std::bit_cast<Real>(bits > 0 ? bits : SignedBits{0});
}

/// min(x, 0), and -0 for whatever is not negative, likewise.
template <class Real>
inline Real negative_part(Real x) {
  using Bits = typename Format<Real>::Bits;
  constexpr auto sign = std::bit_cast<Bits>(-Real(0));
  const auto bits = std::bit_cast<Bits>(x);
  return std::bit_cast<Real>(bits > sign ? bits : sign);
}

/// `one`, or 0 where x is +0; x is normal or +0. As a minimum of integers likewise, for which `one`
/// may not be 1, of which compilers make a comparison.
template <class Real>
inline auto bit_unless_zero(Real x, typename Format<Real>::Bits one) {
  const auto bits = std::bit_cast<typename Format<Real>::Bits>(x);
  return bits < one ? bits : one;
}

/// 1 or 0.
template <class Real>
inline Real one_if(bool condition) {
  return kept_if(condition, Real(1));
}

/// Natural logarithm of a positive, normal, finite x: ln x = e ln 2 + 2 artanh((m - 1) / (m + 1)),
/// x = m 2^e with sqrt(1/2) <= m < sqrt(2).
template <class Real>
inline Real log(Real x) {
  using F = Format<Real>;
  const auto bits = std::bit_cast<typename F::Bits>(x);
  const auto exponent =
      static_cast<typename F::SignedBits>(bits - F::sqrt_half_bits) >> F::mantissa_bits;
  const Real m =
      std::bit_cast<Real>(bits - (static_cast<typename F::Bits>(exponent) << F::mantissa_bits));
  const Real f = m - Real(1);
  const Real s = f / (m + Real(1));
  const Real z = s * s;
  Real series = Real(0);
  constexpr int last = F::is_double ? 21 : 9;
  for (int n = last; n >= 3; n -= 2) series = (series + Real(1) / Real(n)) * z;
  // 2s = f - s f keeps the leading term exact.
  const Real small = s * (Real(2) * series - f);
  const Real e = static_cast<Real>(exponent);
  return e * F::ln2_high + (f + (small + e * F::ln2_low));
}

/// ln(1 + x) for x > -1 (x = -1 excluded), accurate for small |x| (the correction of W. Kahan).
template <class Real>
inline Real log1p(Real x) {
  const Real u = Real(1) + x;
  const Real difference = u - Real(1);
  const Real corrected = log(u) * (x / (difference == Real(0) ? Real(1) : difference));
  return difference == Real(0) ? x : corrected;
}

/// e^x in double precision; 0 below -708, infinity above 709.
inline double exp(double x) {
  using F = Format<double>;
  if (!(x > -708.0)) return x != x ? x : 0.0;
  if (x > 709.0) return std::numeric_limits<double>::infinity();
  const double n = std::floor(x * 0x1.71547652b82fep+0 + 0.5);
  const double r = (x - n * F::ln2_high) - n * F::ln2_low;
  double series = 1.0;
  for (int i = 14; i >= 2; --i) series = 1.0 + series * r / i;
  const auto scale = static_cast<std::uint64_t>(static_cast<std::int64_t>(n) + 1023) << 52;
  return (1.0 + r * series) * std::bit_cast<double>(scale);
}

/// Quantile of the standard normal distribution whose smaller tail has probability `tail`
/// (2^-33 <= tail <= 1/2) and whose distance from the median is `centre` = 1/2 - tail, with the
/// sign of `side`. Passing both keeps full precision at either end. Source: Wichura, "Algorithm AS
/// 241", Applied Statistics 37 (1988); PPND7 for float, PPND16 for double. Its third branch (tail <
/// 1e-11) is never reached.
template <class Real>
inline Real normal_quantile(Real tail, Real centre, Real side) {
  constexpr Real split = Real(0.425), split_square = Real(0.180625);
  const Real r = split_square - centre * centre;
  const Real t = std::sqrt(-log(tail)) - Real(1.6);
  Real inner, outer;
  if constexpr (Format<Real>::is_double) {
    inner =
        centre *
        (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r +
             45921.953931549871457) *
                r +
            13731.693765509461125) *
               r +
           1971.5909503065514427) *
              r +
          133.14166789178437745) *
             r +
         3.387132872796366608) /
        (((((((5226.495278852854561 * r + 28729.085735721942674) * r + 39307.89580009271061) * r +
             21213.794301586595867) *
                r +
            5394.1960214247511077) *
               r +
           687.1870074920579083) *
              r +
          42.313330701600911252) *
             r +
         1.0);
    outer = (((((((7.7454501427834140764e-4 * t + 0.0227238449892691845833) * t +
                  0.24178072517745061177) *
                     t +
                 1.27045825245236838258) *
                    t +
                3.64784832476320460504) *
                   t +
               5.7694972214606914055) *
                  t +
              4.6303378461565452959) *
                 t +
             1.42343711074968357734) /
            (((((((1.05075007164441684324e-9 * t + 5.475938084995344946e-4) * t +
                  0.0151986665636164571966) *
                     t +
                 0.14810397642748007459) *
                    t +
                0.68976733498510000455) *
                   t +
               1.6763848301838038494) *
                  t +
              2.05319162663775882187) *
                 t +
             1.0);
  } else {
    inner = centre *
            (((59.109374720f * r + 159.29113202f) * r + 50.434271938f) * r + 3.3871327179f) /
            (((67.187563600f * r + 78.757757664f) * r + 17.895169469f) * r + 1.0f);
    outer = (((0.17023821103f * t + 1.3067284816f) * t + 2.7568153900f) * t + 1.4234372777f) /
            ((0.12021132975f * t + 0.73700164250f) * t + 1.0f);
  }
  return side * (centre <= split ? inner : outer);
}

}  // namespace quotesweep::elementary
