#pragma once

#include <cmath>
#include <span>
#include <vector>

#include "replay/pack.hpp"
#include "tape/tick_grid.hpp"

namespace quotesweep {

/// Levels at which orders rest where prices are continuous: the prices themselves.
struct ContinuousLevels {
  template <class V>
  V bid(const V& price) const {
    return price;
  }
  template <class V>
  V ask(const V& price) const {
    return price;
  }
  double unit = 1.0;  // [price]
};

/// Levels on a grid: whole ticks, so that comparisons of levels are exact. Bids are rounded down to
/// it and asks up, but for `TickGrid::tolerance`.
struct TickLevels {
  explicit TickLevels(double tick) : unit(tick), per_unit(1.0 / tick) {}
  template <class V>
  V bid(const V& price) const {
    return floor_of(V(price * per_unit + TickGrid::tolerance));
  }
  template <class V>
  V ask(const V& price) const {
    return ceil_of(V(price * per_unit - TickGrid::tolerance));
  }
  double unit;  // [price]
  double per_unit;
};

/// Where prices may be.
struct PriceLevels {
  double tick = 0.0;  // [price]; 0 is a continuous price

  double unit() const { return tick > 0.0 ? tick : 1.0; }

  /// Calls `body` with the kind of levels, so that loops in it have no cases.
  template <class Body>
  void with(Body body) const {
    if (tick > 0.0)
      body(TickLevels(tick));
    else
      body(ContinuousLevels{});
  }
};

/// What fills compare with: a symbol's bars in levels. Prices between ticks are as far as an order
/// on the grid can be reached: lows are rounded up, highs down; opens stay where they are.
struct BarLevels {
  BarLevels(const Bars& bars, const PriceLevels& levels);

  std::vector<double> open, high, low;
};

}  // namespace quotesweep
