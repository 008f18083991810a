#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sweep/task.hpp"

namespace quotesweep {

/// What is known of one point.
struct PointProgress {
  std::uint64_t blocks_done = 0;  // folded, from block 0 on
  double seconds = 0.0;           // worker wall time spent on it
  std::vector<double> state;      // of the folded blocks; empty before the first
  std::map<std::uint64_t, std::vector<double>> waiting;  // later blocks, by number
  std::string error;                                     // why it failed, if it did

  bool failed() const { return !error.empty(); }
};

/// Folds task results into points: blocks in order, each once, whatever the order of arrival. That
/// makes every stored number independent of the schedule.
class Progress {
 public:
  Progress(std::uint64_t points, std::uint64_t blocks, const Reduction& reduction);

  /// Sets what is known of a point from an earlier run; before any result comes in. The state may
  /// be empty for a complete point. With `changed` it counts as changed since.
  void restore(std::uint64_t point, PointProgress known, bool changed);

  /// Takes a result in. A block that is already there is ignored, and so is everything of a point
  /// that has failed. Throws Error where the result does not fit the sweep.
  void take(const TaskResult& result);

  const PointProgress& operator[](std::uint64_t point) const { return points_[point]; }
  std::uint64_t size() const { return points_.size(); }
  std::uint64_t blocks() const { return blocks_; }
  bool complete(std::uint64_t point) const { return points_[point].blocks_done == blocks_; }
  std::uint64_t failed_count() const { return failed_; }
  /// Points x blocks that are done with: each counted once, all blocks of a failed point.
  std::uint64_t taken() const { return taken_; }
  /// How much of that was restored.
  std::uint64_t restored() const { return restored_; }
  bool finished() const { return taken_ == points_.size() * blocks_; }
  /// Whether a task's result would bring nothing new.
  bool covers(const Task& task) const;

  /// Points that changed since the last call, ascending.
  std::vector<std::uint64_t> take_changed();

  /// Frees the memory of a point's state, once it is stored for good.
  void release(std::uint64_t point);

 private:
  void check(const TaskResult& result) const;
  std::uint64_t settled(std::uint64_t point) const;
  void take_point(const TaskResult& result, std::uint64_t offset);
  void take_states(PointProgress& point, const TaskResult& result, std::uint64_t offset);
  void fold(PointProgress& point, std::vector<double> state, std::uint64_t blocks);

  std::uint64_t blocks_;
  const Reduction& reduction_;
  std::vector<PointProgress> points_;
  std::vector<std::uint64_t> changed_;
  std::uint64_t failed_ = 0, taken_ = 0, restored_ = 0;
};

}  // namespace quotesweep
