#pragma once

#include "market/lanes.hpp"

namespace quotesweep {

/// What signals say at one step, each an array over lanes; null where nobody asked.
template <class Real>
struct SignalStep {
  const Real* variance = nullptr;         // estimate of sigma^2 [price^2 / time]
  const Real* wild = nullptr;             // 1 - sigma / its estimate, or 0
  const Real* imbalance = nullptr;        // of the book top, smoothed, from -1 to 1
  const Real* pair_signal = nullptr;      // positive: the traded asset is cheap
  const Real* pair_direction = nullptr;   // -1, 0 or 1: the sign of the signal while it is active
  const Real* pair_hedge = nullptr;       // hedge ratio when the direction was taken
  const LaneList* pair_turned = nullptr;  // lanes whose direction is not that of the step before
};

/// Steps of each path in which the pair signal was active.
struct PairTime {
  LaneArray<double> active{}, after_break{};
};

}  // namespace quotesweep
