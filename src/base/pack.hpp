#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "base/elementary.hpp"

namespace quotesweep {

/// Size of a vector register of this build.
#if defined(__AVX512F__)
inline constexpr std::size_t pack_bytes = 64;
#elif defined(__AVX__)
inline constexpr std::size_t pack_bytes = 32;
#else
inline constexpr std::size_t pack_bytes = 16;
#endif

template <class Real, std::size_t bytes>
struct PackOf {
  using type [[gnu::vector_size(bytes)]] = Real;
};

/// As many numbers as a vector register holds. Operators, comparisons and `?:` act on each by
/// itself, so a formula written as a template over one number serves a pack too, with the same
/// bits.
template <class Real, std::size_t bytes = pack_bytes>
using Pack = typename PackOf<Real, bytes>::type;

template <class Real>
inline constexpr int pack_size = static_cast<int>(pack_bytes / sizeof(Real));

/// 1 or 0 in each place.
template <class V, class Condition>
[[gnu::always_inline]] inline V one_where(Condition condition) {
  if constexpr (std::is_arithmetic_v<V>)
    return elementary::one_if<V>(condition);
  else
    return condition ? V{} + 1 : V{};
}

/// min(x, 0) in each place.
template <class V>
[[gnu::always_inline]] inline V negative_part(V x) {
  if constexpr (std::is_arithmetic_v<V>)
    return elementary::negative_part(x);
  else
    return x < V{} ? x : V{};
}

/// |x| in each place.
template <class V>
[[gnu::always_inline]] inline V magnitude(V x) {
  if constexpr (std::is_arithmetic_v<V>) {
    return std::abs(x);
  } else {
    using Bits = decltype(x < x);  // integers of the same size
    const Bits sign = (Bits)(-V{});
    return (V)((Bits)x & ~sign);
  }
}

}  // namespace quotesweep
