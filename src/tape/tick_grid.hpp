#pragma once

#include <string>

#include "tape/tape.hpp"

namespace quotesweep {

/// Prices as whole ticks. What is within a millionth of a tick of a whole number of them is that
/// number: decimals are not exact in binary, and a tick times a number is off by as much.
class TickGrid {
 public:
  static constexpr double tolerance = 1e-6;  // [ticks]
  static constexpr double most_ticks = 1e9;  // of a price; beyond, doubles do not tell ticks apart

  /// Requires tick > 0 [price].
  explicit TickGrid(double tick);

  double tick() const { return tick_; }
  /// A price in ticks, whole where it is on the grid.
  double ticks(double price) const;
  bool holds(double price) const;
  /// The price that is so many ticks: the double next to its decimal where a unit of price is a
  /// whole number of ticks.
  double price(double ticks) const;

 private:
  double tick_,
      per_unit_;  // per_unit_: ticks in a unit of price, where that is a whole number; or 0
};

/// Throws Error naming the symbol, the first bar whose prices lie between ticks, how many do, and
/// what to do; or a price of more ticks than can be told apart.
void check_on_grid(const Bars& bars, const Tape& tape, const TickGrid& grid);

/// Bars with every price at the nearest tick, half to even, but not below one tick.
Bars rounded_to_grid(Bars bars, const TickGrid& grid);

}  // namespace quotesweep
