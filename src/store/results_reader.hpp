#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "store/layout.hpp"

namespace quotesweep {

/// Reads a results file, also while it is being written.
class ResultsReader {
 public:
  /// Throws Error where the file is missing, not a results file, damaged, or of a newer format.
  explicit ResultsReader(const std::string& path);
  ~ResultsReader();
  ResultsReader(ResultsReader&&) noexcept;

  /// Names of the variables and coordinates, in the order of the file.
  std::vector<std::string> names() const;
  /// Names of the dimensions along which points lie, in order.
  std::vector<std::string> dimensions() const;
  std::vector<std::uint64_t> shape(const std::string& name) const;
  ElementType type(const std::string& name) const;
  bool is_coordinate(const std::string& name) const;

  /// All values, whatever the type, as doubles in the file's order.
  std::vector<double> read(const std::string& name) const;

  /// Values of a text coordinate.
  std::vector<std::string> read_labels(const std::string& name) const;

  /// Throws Error where what is stored of a complete or failed point among these is damaged.
  void check_points(std::uint64_t first, std::uint64_t count) const;

  /// Value of a coordinate for every point, in the order of the points.
  /// Of a text coordinate, the positions of the labels.
  std::vector<double> point_values(const std::string& coordinate) const;

  /// A text attribute of a variable, or of the file where `name` is empty; "" where there is none.
  std::string attribute(const std::string& name, const std::string& attribute) const;
  /// A whole-number attribute of the file. Throws Error where there is none.
  std::int64_t integer_attribute(const std::string& name) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace quotesweep
