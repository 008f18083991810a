#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace quotesweep {

/// Format of the results file; raised when a reader of the old one could misread the new one.
inline constexpr int format_version = 1;

enum class ElementType { float64, int64, int8, text };

struct Attribute {
  std::string name;
  std::variant<std::string, double, std::int64_t, std::vector<std::int8_t>> value;
};

/// Coordinate values along one dimension. A dimension's own coordinate has its name.
struct Coordinate {
  std::string name;
  ElementType type = ElementType::float64;
  std::vector<double> values;
  std::vector<Attribute> attributes;
  std::vector<std::string> labels;  // of a text coordinate, whose values they are, in order
};

/// One number per point, or a row of them along the layout's inner dimension.
struct Variable {
  std::string name;
  ElementType type = ElementType::float64;
  std::vector<Attribute> attributes;
  bool is_row = false;
};

/// A dimension inside points, and what is known along it without any point.
struct InnerDimension {
  Coordinate coordinate;
  std::vector<Coordinate> others;
};

/// Everything about a results file that is fixed when it is made. See FORMAT.md.
struct Layout {
  std::vector<Attribute> attributes;
  std::vector<Coordinate> dimensions;         // in order; the last runs fastest
  std::vector<Coordinate> point_coordinates;  // along the only dimension, for lists of points
  std::vector<InnerDimension> inner;          // none or one
  std::vector<Variable> results;              // decided by the study alone; part of the digest
  std::vector<std::string> state_columns;     // doubles of a point's resumable state

  std::uint64_t points() const;
  /// Numbers of a point that a variable holds.
  std::uint64_t length(const Variable& variable) const;
  /// Numbers of a point that all results hold together.
  std::uint64_t result_count() const;
};

/// Attribute by which readers know the inner dimension's coordinates.
inline constexpr const char* inner_mark = "inside_points";

/// What has become of a point.
enum class PointStatus : std::int8_t { pending, partial, complete, failed, precision_not_met };

/// Names of the variables that every file has beside `results`.
inline constexpr const char* status_variable = "status";
inline constexpr const char* paths_variable = "paths_done";
inline constexpr const char* seconds_variable = "compute_seconds";  // not part of the digest

}  // namespace quotesweep
