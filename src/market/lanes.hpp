#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "base/pack.hpp"

namespace quotesweep {

/// Number of simulated market makers that step through time together.
inline constexpr int lane_count = 128;

/// Number of lanes that are drawn for where only the first is looked at; the others stand still.
inline constexpr int few_lanes = 16;

/// One number per lane. The padding keeps neighbouring arrays from sharing addresses modulo 4 KiB,
/// which would make the processor mistake a load of one for a store of another (20 % of the speed).
template <class Real>
struct alignas(64) LaneArray {
  Real values[lane_count];
  Real padding[64 / sizeof(Real)];

  Real& operator[](int lane) { return values[lane]; }
  const Real& operator[](int lane) const { return values[lane]; }
};

/// The number of one lane, or of as many from `lane` on as a Pack holds.
template <class V, class Real>
[[gnu::always_inline]] inline V load(const Real* lanes, int lane) {
  if constexpr (std::is_same_v<V, Real>) {
    return lanes[lane];
  } else {
    V numbers;
    std::memcpy(&numbers, lanes + lane, sizeof numbers);
    return numbers;
  }
}
template <class V, class Real>
[[gnu::always_inline]] inline V load(const LaneArray<Real>& lanes, int lane) {
  return load<V>(lanes.values, lane);
}

/// Puts back what `load` gave.
template <class V, class Real>
[[gnu::always_inline]] inline void store(const V& numbers, LaneArray<Real>& lanes, int lane) {
  if constexpr (std::is_same_v<V, Real>)
    lanes[lane] = numbers;
  else
    std::memcpy(&lanes[lane], &numbers, sizeof numbers);
}

/// Sets all numbers to zero, where they are: an assignment would clear another array and copy it.
template <class... Reals>
void clear(LaneArray<Reals>&... arrays) {
  (std::memset(&arrays, 0, sizeof arrays), ...);
}

/// Some of the lanes, in order.
class LaneList {
 public:
  void clear() { count_ = 0; }
  /// Adds a lane, above those that are there, if `condition`; made for conditions that no processor
  /// could guess.
  void add_if(bool condition, int lane) {
    lanes_[count_] = static_cast<std::uint8_t>(lane);
    count_ += condition ? 1 : 0;
  }
  const std::uint8_t* begin() const { return lanes_; }
  const std::uint8_t* end() const { return lanes_ + count_; }

 private:
  std::uint8_t lanes_[lane_count];
  int count_ = 0;
};

/// The distance that stands for "no quote". Finite, so that zero fills times it is zero.
template <class Real>
inline constexpr Real no_quote = Real(1e30);

/// What a strategy asks for at one step: distances of bid and ask from the mid [price], or
/// `no_quote`.
template <class Real>
struct Quotes {
  LaneArray<Real> bid_distance;
  LaneArray<Real> ask_distance;
};

/// State of a block of lanes. `Real` is float (fast) or double (reference); sums over many steps
/// are kept in double by settling every few steps, so that float lanes lose nothing that matters.
template <class Real>
struct Lanes {
  LaneArray<Real> inventory;      // [units]
  LaneArray<Real> bid_filled;     // bought in this step [units]
  LaneArray<Real> ask_filled;     // sold in this step [units]
  LaneArray<Real> traded_value;   // sum of quantity x fill price in this step [price]
  LaneArray<Real> equity_change;  // of this step [price]
  LaneArray<Real> equity;         // since the last settlement [price]
  LaneArray<double> ledger;       // equity at the last settlement [price]
  LaneArray<Real> settled;        // the same, rounded
};

/// Adds the equity gained since the last settlement to the ledger (double precision).
template <class Real>
void settle_equity(Lanes<Real>& lanes) {
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    lanes.ledger[lane] += static_cast<double>(lanes.equity[lane]);
    lanes.settled[lane] = static_cast<Real>(lanes.ledger[lane]);
    lanes.equity[lane] = Real(0);
  }
}

}  // namespace quotesweep
