#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace quotesweep {

/// One swept parameter and the values it takes.
struct Axis {
  std::string parameter;  // whole name, such as "strategy.gamma"
  std::vector<double> values;
};

/// How axes combine into points.
enum class DesignKind {
  grid,  // every combination, the last axis fastest
  list   // value i of every axis together: point i
};

/// The parameter points of a study, numbered from 0. Without axes there is one point.
struct Design {
  DesignKind kind = DesignKind::grid;
  std::vector<Axis> axes;

  std::uint64_t size() const;

  /// Values of all axes at a point, in the order of `axes`.
  std::vector<double> point(std::uint64_t index) const;

  /// Length of each dimension: the axes of a grid, otherwise the number of points.
  std::vector<std::uint64_t> shape() const;
};

/// Every `count`-th point from point `index` on, as a list.
Design every_nth(const Design& design, std::uint64_t index, std::uint64_t count);

/// `count` evenly spaced values from `first` to `last`; a count of one gives `first`. Values are
/// rounded to 12 significant digits, so that 0.3 is 0.3 and the same everywhere.
std::vector<double> linear_values(double first, double last, std::uint64_t count);

/// The same in the logarithm; both ends must be positive.
std::vector<double> log_values(double first, double last, std::uint64_t count);

}  // namespace quotesweep
