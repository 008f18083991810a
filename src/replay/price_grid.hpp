#pragma once

#include <cmath>

#include "replay/pack.hpp"

namespace quotesweep {

/// Prices as they are.
struct ContinuousPrices {
  template <class V>
  V bid(const V& price) const {
    return price;
  }
  template <class V>
  V ask(const V& price) const {
    return price;
  }
  static constexpr bool as_in_origin = false;
};

/// A grid of ticks: bids are rounded down to it, asks up, but for rounding errors.
struct OutwardPrices {
  double tick, per_tick;
  template <class V>
  V bid(const V& price) const {
    return tick * floor_of(price * per_tick + slack);
  }
  template <class V>
  V ask(const V& price) const {
    return tick * ceil_of(price * per_tick - slack);
  }
  static constexpr double slack = 1e-6;  // [ticks]
  static constexpr bool as_in_origin = false;
};

/// A grid of ticks to which both sides are rounded, half to even.
struct NearestPrices {
  double tick, per_tick;
  double bid(double price) const { return tick * std::nearbyint(price * per_tick); }
  double ask(double price) const { return bid(price); }
  static constexpr bool as_in_origin = true;
};

/// Where prices may be.
struct PriceGrid {
  double tick = 0.0;     // [price]; 0 is a continuous price
  bool nearest = false;  // as in the origin

  /// Calls `body` with the kind of prices, so that loops in it have no cases.
  template <class Body>
  void with(Body body) const {
    if (tick == 0.0)
      body(ContinuousPrices{});
    else if (nearest)
      body(NearestPrices{tick, 1.0 / tick});
    else
      body(OutwardPrices{tick, 1.0 / tick});
  }
};

}  // namespace quotesweep
