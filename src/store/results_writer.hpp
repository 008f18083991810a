#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "store/layout.hpp"

namespace quotesweep {

/// What is written of one point.
struct PointRow {
  std::uint64_t point = 0;
  PointStatus status = PointStatus::pending;
  std::uint64_t paths_done = 0;
  double seconds = 0.0;
  std::vector<double> state;    // one per state column; empty for a failed point
  std::vector<double> results;  // one per result variable; empty for a failed point
  std::string message;          // why a failed point failed
};

/// The only writer of a results file.
///
/// The file is laid out complete under a temporary name, its blocks reserved on disk, and renamed.
/// From then on nothing but data bytes at fixed places is overwritten, by plain writes that do not
/// pass through HDF5: a writer killed at any moment leaves a file that opens. Per point the state
/// goes first, then results, then status. One thread at a time.
class ResultsWriter {
 public:
  /// Lays out `path`, replacing a file that is there. Throws Error where the folder cannot be
  /// written, the disk is full, or another process writes the same file.
  ResultsWriter(std::string path, const Layout& layout);
  ~ResultsWriter();

  /// Writes rows in ascending order of points; neighbours go together. A row without results makes
  /// the point's results NaN again. Throws Error, and writes nothing, where a row does not fit.
  void write(std::span<const PointRow> rows);

  /// Returns when everything written is on the disk.
  void sync();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace quotesweep
