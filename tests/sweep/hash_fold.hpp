#pragma once

#include <array>
#include <cstring>
#include <random>
#include <vector>

#include "base/hash.hpp"
#include "sweep/dealer.hpp"
#include "sweep/task.hpp"

namespace quotesweep::testing {

/// A reduction whose result shows every departure from "each block once, in order": the state is a
/// chain of hashes and the number of blocks in it.
class HashFold : public Reduction {
 public:
  std::size_t width() const override { return 2; }
  void merge(std::span<double> into, std::span<const double> next) const override {
    const std::array<double, 2> links{into[0], next[0]};
    into[0] = static_cast<double>(hash_64(std::as_bytes(std::span(links))) >> 12);
    into[1] += next[1];
  }
};

inline std::array<double, 2> block_state(std::uint64_t point, std::uint64_t block) {
  return {static_cast<double>(point * 1'000'003 + block), 1.0};
}

/// The state of `blocks` blocks from block 0, in order.
inline std::vector<double> folded_state(std::uint64_t point, std::uint64_t blocks) {
  const auto first = block_state(point, 0);
  std::vector<double> state(first.begin(), first.end());
  for (std::uint64_t block = 1; block < blocks; ++block)
    HashFold().merge(state, block_state(point, block));
  return state;
}

/// What a sound worker returns for a task.
inline std::vector<double> evaluate_task(const Task& task) {
  std::vector<double> states;
  for (std::uint64_t p = task.first_point; p < task.first_point + task.point_count; ++p) {
    if (task.folded()) {
      const auto state = folded_state(p, task.block_count);
      states.insert(states.end(), state.begin(), state.end());
      continue;
    }
    for (std::uint64_t b = task.first_block; b < task.first_block + task.block_count; ++b) {
      const auto state = block_state(p, b);
      states.insert(states.end(), state.begin(), state.end());
    }
  }
  return states;
}

inline TaskResult result_of(const Task& task, double seconds = 1.0) {
  return {task, seconds, evaluate_task(task), ""};
}

/// A number from `low` to `high`.
inline std::uint64_t between(std::mt19937_64& random, std::uint64_t low, std::uint64_t high) {
  return std::uniform_int_distribution<std::uint64_t>(low, high)(random);
}

/// All tasks of a tiling, cut into random sizes.
inline std::vector<Task> random_tasks(const Tiling& tiling, std::mt19937_64& random) {
  Dealer dealer(tiling);
  std::vector<Task> tasks;
  while (const auto task = dealer.next(between(random, 1, 2 * tiling.blocks + 3)))
    tasks.push_back(*task);
  return tasks;
}

inline Tiling random_tiling(std::mt19937_64& random) {
  return {between(random, 1, 60), between(random, 1, 12), between(random, 1, 20)};
}

}  // namespace quotesweep::testing
