#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "strategy/strategy.hpp"

namespace quotesweep {

/// Bid distances that were computed beforehand, by time left and inventory; the ask at inventory q
/// is the bid at -q. Shared by all that simulate the same point.
struct QuoteTable {
  std::int64_t reach = 0;  // columns are inventories -reach ... reach [lots]
  double dt = 0.0;         // [time]
  bool whole = true;       // whether only whole inventories are looked up
  std::vector<double>
      bid_distance;  // [row][column], row r for r + 1 steps left; the last for more [price]

  std::int64_t columns() const { return 2 * reach + 1; }
  std::int64_t rows() const { return static_cast<std::int64_t>(bid_distance.size()) / columns(); }
  /// Bid distance at inventory 0 of the row for this time left; other inventories are neighbours.
  const double* row(double time_left) const;
};

}  // namespace quotesweep
