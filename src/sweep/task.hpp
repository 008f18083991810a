#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace quotesweep {

/// A tile of points x blocks of paths.
struct Task {
  std::uint64_t first_point = 0;
  std::uint64_t point_count = 0;
  std::uint64_t first_block = 0;
  std::uint64_t block_count = 0;

  bool operator==(const Task&) const = default;

  /// Whether the result holds one state per point, with all blocks folded in order. Tasks that
  /// start at block 0 can do that; others keep blocks apart, because blocks are folded in order and
  /// the earlier ones are elsewhere.
  bool folded() const { return first_block == 0; }

  /// Number of states in the result: per point, then (unless folded) per block.
  std::uint64_t state_count() const { return point_count * (folded() ? 1 : block_count); }
};

/// What a worker found. An `error` means that the task failed and `states` is empty.
struct TaskResult {
  Task task;
  double seconds = 0.0;        // wall time of the worker
  std::vector<double> states;  // state_count() records
  std::string error;
};

/// What scheduling needs to know of a point's state: nothing but how to fold two.
class Reduction {
 public:
  virtual ~Reduction() = default;
  /// Number of doubles in a state.
  virtual std::size_t width() const = 0;
  /// Folds the state of the next block(s) into that of all blocks before.
  virtual void merge(std::span<double> into, std::span<const double> next) const = 0;
};

/// Runs tasks. Throws where a task fails.
class Evaluator {
 public:
  virtual ~Evaluator() = default;
  virtual std::vector<double> evaluate(const Task& task) = 0;
};

}  // namespace quotesweep
