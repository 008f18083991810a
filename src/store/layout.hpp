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

/// One number per point.
struct Variable {
  std::string name;
  ElementType type = ElementType::float64;
  std::vector<Attribute> attributes;
};

/// Everything about a results file that is fixed when it is made. See FORMAT.md.
struct Layout {
  std::vector<Attribute> attributes;
  std::vector<Coordinate> dimensions;         // in order; the last runs fastest
  std::vector<Coordinate> point_coordinates;  // along the only dimension, for lists of points
  std::vector<Variable> results;              // decided by the study alone; part of the digest
  std::vector<std::string> state_columns;     // doubles of a point's resumable state

  std::uint64_t points() const;
};

/// What has become of a point.
enum class PointStatus : std::int8_t { pending, partial, complete, failed, precision_not_met };

/// Names of the variables that every file has beside `results`.
inline constexpr const char* status_variable = "status";
inline constexpr const char* paths_variable = "paths_done";
inline constexpr const char* seconds_variable = "compute_seconds";  // not part of the digest

}  // namespace quotesweep
