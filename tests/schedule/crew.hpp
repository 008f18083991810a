#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <thread>

#include "schedule/coordinator.hpp"
#include "schedule/local_channel.hpp"
#include "sweep/hash_fold.hpp"

namespace quotesweep::testing {

/// Several workers, each a thread with a channel of its own, that run the same evaluator. They must
/// be told to close before the object goes.
class Crew {
 public:
  using Evaluate = std::function<std::vector<double>(const Task&)>;

  Crew(int workers, Evaluate evaluate) : evaluator_(std::move(evaluate)) {
    for (int i = 0; i < workers; ++i) {
      pointers_.push_back(&channels_.emplace_back());
      threads_.emplace_back([this, i] { work(*std::next(channels_.begin(), i), evaluator_); });
    }
  }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  std::span<Channel* const> channels() const { return pointers_; }

 private:
  class Calling final : public Evaluator {
   public:
    explicit Calling(Evaluate evaluate) : evaluate_(std::move(evaluate)) {}
    std::vector<double> evaluate(const Task& task) override { return evaluate_(task); }

   private:
    Evaluate evaluate_;
  };

  Calling evaluator_;
  std::list<LocalChannel> channels_;
  std::vector<Channel*> pointers_;
  std::vector<std::jthread> threads_;
};

/// Calls a function at every pass.
class Watching final : public SweepObserver {
 public:
  explicit Watching(std::function<void(Progress&)> watch = [](Progress&) {})
      : watch_(std::move(watch)) {}
  void on_progress(Progress& progress) override { watch_(progress); }

 private:
  std::function<void(Progress&)> watch_;
};

/// Counts how often every point x block is asked for.
class Count {
 public:
  void add(const Task& task) {
    const std::lock_guard lock(mutex_);
    for (std::uint64_t p = 0; p < task.point_count; ++p)
      for (std::uint64_t b = 0; b < task.block_count; ++b)
        ++times_[{task.first_point + p, task.first_block + b}];
  }
  /// Whether each of these was asked for exactly once, and nothing else.
  bool once_each(const Tiling& tiling) const {
    bool once = times_.size() == tiling.points * tiling.blocks;
    for (const auto& [cell, times] : times_) once = once && times == 1;
    return once;
  }

  /// Number of different points x blocks that were asked for.
  std::size_t size() const { return times_.size(); }

  bool has_point(std::uint64_t point) const {
    const auto next = times_.lower_bound({point, 0});
    return next != times_.end() && next->first.first == point;
  }

 private:
  std::mutex mutex_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, int> times_;
};

}  // namespace quotesweep::testing
