#pragma once

#include <cmath>
#include <cstdint>
#ifdef __AVX512DQ__
#include <immintrin.h>
#endif

#include "base/pack.hpp"
#include "market/lanes.hpp"

/// Numbers of several lanes at once. A formula that is a template over `V` is written once and
/// serves a lane (V double) as well as an octet of them (V Octet), with the same bits.
namespace quotesweep {

using Column = LaneArray<double>;

/// Lanes come in whole octets.
inline constexpr int lane_step = 8;

/// Eight lanes, in a vector register where there are such wide ones.
using Octet = Pack<double, lane_step * sizeof(double)>;

/// What a comparison of octets gives: all bits of a lane, or none.
using OctetMask = Pack<std::int64_t, lane_step * sizeof(double)>;

static_assert(sizeof(Octet) == lane_step * sizeof(double));

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

/// `body(x)` for each lane of an octet.
template <class Body>
inline Octet each_of(const Octet& x, Body body) {
  Octet result;
  for (int i = 0; i < lane_step; ++i) result[i] = body(x[i]);
  return result;
}

inline double floor_of(double x) {
  return std::floor(x);
}
inline Octet floor_of(const Octet& x) {
  return each_of(x, [](double one) { return std::floor(one); });
}

inline double ceil_of(double x) {
  return std::ceil(x);
}
inline Octet ceil_of(const Octet& x) {
  return each_of(x, [](double one) { return std::ceil(one); });
}

inline double root_of(double x) {
  return std::sqrt(x);
}
inline Octet root_of(const Octet& x) {
  return each_of(x, [](double one) { return std::sqrt(one); });
}

/// Whether a condition holds in any lane.
inline bool holds_somewhere(const OctetMask& condition) {
#ifdef __AVX512DQ__
  return _mm512_movepi64_mask(reinterpret_cast<const __m512i&>(condition)) != 0;
#else
  std::int64_t any = 0;
  for (int i = 0; i < lane_step; ++i) any |= condition[i];
  return any != 0;
#endif
}

}  // namespace quotesweep
