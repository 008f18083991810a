#pragma once

#include <cmath>
#include <cstdint>
#ifdef __AVX512DQ__
#include <immintrin.h>
#endif

#include "base/elementary.hpp"
#include "market/lanes.hpp"

/// Numbers of several lanes at once. A formula that is a template over `V` is written once and
/// serves a lane (V double) as well as a register of lanes (V Pack), with the same bits.
namespace quotesweep {

using Column = LaneArray<double>;

/// Lanes come in whole vector registers.
inline constexpr int lane_step = 8;

/// A register of lanes. Operators, comparisons and ?: act on each lane.
using Pack [[gnu::vector_size(64)]] = double;

/// What a comparison of packs gives: all bits of a lane, or none.
using PackMask [[gnu::vector_size(64)]] = std::int64_t;

static_assert(sizeof(Pack) == lane_step * sizeof(double));

/// The lane `lane` of a column, or the register that begins there.
template <class V>
inline V& at(Column& column, int lane) {
  return reinterpret_cast<V&>(column.values[lane]);
}
template <class V>
inline const V& at(const Column& column, int lane) {
  return reinterpret_cast<const V&>(column.values[lane]);
}

/// A lane of a register, or the only one.
template <class V>
inline double& lane_of(V& x, int lane) {
  return reinterpret_cast<double*>(&x)[lane];
}
template <class V>
inline const double& lane_of(const V& x, int lane) {
  return reinterpret_cast<const double*>(&x)[lane];
}

/// `body(x)` for each lane of a pack.
template <class Body>
inline Pack each_of(const Pack& x, Body body) {
  Pack result;
  for (int i = 0; i < lane_step; ++i) result[i] = body(x[i]);
  return result;
}

inline double floor_of(double x) {
  return std::floor(x);
}
inline Pack floor_of(const Pack& x) {
  return each_of(x, [](double one) { return std::floor(one); });
}

inline double ceil_of(double x) {
  return std::ceil(x);
}
inline Pack ceil_of(const Pack& x) {
  return each_of(x, [](double one) { return std::ceil(one); });
}

inline double size_of(double x) {
  return std::abs(x);
}
inline Pack size_of(const Pack& x) {
  return each_of(x, [](double one) { return std::abs(one); });
}

inline double root_of(double x) {
  return std::sqrt(x);
}
inline Pack root_of(const Pack& x) {
  return each_of(x, [](double one) { return std::sqrt(one); });
}

/// 1 where a condition holds, else 0.
inline double one_where(bool condition) {
  return elementary::one_if<double>(condition);
}
inline Pack one_where(const PackMask& condition) {
  return condition ? Pack{} + 1.0 : Pack{};
}

/// Whether a condition holds in any lane.
inline bool holds_somewhere(const PackMask& condition) {
#ifdef __AVX512DQ__
  return _mm512_movepi64_mask(reinterpret_cast<const __m512i&>(condition)) != 0;
#else
  std::int64_t any = 0;
  for (int i = 0; i < lane_step; ++i) any |= condition[i];
  return any != 0;
#endif
}

}  // namespace quotesweep
