#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "store/file_lock.hpp"
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
/// pass through HDF5: a writer killed at any moment leaves a file that opens. A point's state goes
/// first, then its results; its status follows once those are on the disk, so that what is called
/// complete is, even after a power failure. One thread at a time.
class ResultsWriter {
 public:
  /// Lays out a new file under a temporary name; `publish` puts it where the lock says. Throws
  /// Error where the folder cannot be written or the disk is full.
  ResultsWriter(std::unique_ptr<FileLock> lock, const Layout& layout);
  /// Continues the file that is there, whose layout must be this one. `generations` are those of
  /// the points' valid states, `failures` the number of messages of failed points.
  ResultsWriter(std::unique_ptr<FileLock> lock, const Layout& layout,
                std::vector<std::uint32_t> generations, std::size_t failures);
  /// Locks, lays out and publishes a new file, in place of one that is there.
  ResultsWriter(const std::string& path, const Layout& layout);
  ~ResultsWriter();

  /// Puts a new file in its place, with what was written so far.
  void publish();

  /// Writes rows in ascending order of points; neighbours go together. A row without results makes
  /// the point's results NaN again. Throws Error, and writes nothing, where a row does not fit.
  void write(std::span<const PointRow> rows);

  /// Tells a status at the next `sync`, without writing anything else of the point.
  void tell(std::uint64_t point, PointStatus status);

  /// Returns when everything written is on the disk, and tells the status of the points written
  /// since the last time. A file that was deleted meanwhile is put back. Throws Error where another
  /// stands in its place, after saving this one beside it.
  void sync();

  /// Seconds spent writing and waiting for the disk.
  double busy() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace quotesweep
