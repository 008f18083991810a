#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "store/data_map.hpp"
#include "store/layout.hpp"
#include "store/raw_file.hpp"

namespace quotesweep {

/// What a file knows of a point beside its results.
struct StoredPoint {
  PointStatus status = PointStatus::pending;
  double seconds = 0.0;
  std::uint32_t generation = 0;  // of the valid state; 0 without
  std::vector<double> state;     // empty where neither slot holds a valid one
};

/// Reads the resumable state of a results file.
class StoredStates {
 public:
  /// Throws Error where the file is no results file or damaged.
  explicit StoredStates(const std::string& path);

  std::uint64_t points() const { return points_; }
  /// Columns of a state.
  std::size_t width() const { return row_width_ - 2; }

  /// Status of every point, in the order of the points.
  std::vector<PointStatus> status() const;

  /// Calls `visit(point, stored)` for every point, ascending.
  void visit(const std::function<void(std::uint64_t, StoredPoint)>& visit) const;

  /// Messages of failed points, the last of each, and the number of all messages.
  std::map<std::uint64_t, std::string> failures() const;
  std::size_t failure_count() const;

 private:
  std::vector<std::string> failure_texts() const;

  DataMap map_;
  RawFile file_;
  std::uint64_t points_;
  std::size_t row_width_;  // generation, checksum, state
};

}  // namespace quotesweep
