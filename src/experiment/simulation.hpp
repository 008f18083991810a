#pragma once

#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "experiment/study.hpp"
#include "metrics/point_results.hpp"
#include "sweep/task.hpp"

namespace quotesweep {

/// How the points of a study are evaluated: by simulated paths, or by a replay of a tape.
class Simulation {
 public:
  virtual ~Simulation() = default;

  /// States of a task, as Evaluator gives them.
  virtual std::vector<double> evaluate(const Task& task) = 0;
  virtual void merge(std::span<double> into, std::span<const double> next) const = 0;
  /// Results of a point from its folded state, in the order of `study_definitions`.
  virtual std::vector<double> results(std::uint64_t point, std::span<const double> state) const = 0;
};

std::unique_ptr<Simulation> make_monte_carlo(const Study& study, int threads);
std::unique_ptr<Simulation> make_replay(const Study& study, int threads);

/// Keeps an exception inside the thread where it was thrown, where OpenMP wants it, until the
/// threads are done. After a failure nothing more is begun.
class FirstFailure {
 public:
  template <class Action>
  void guard(Action action) {
    if (failed_) return;
    try {
      action();
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!failed_) exception_ = std::current_exception();
      failed_ = true;
    }
  }
  void rethrow() const {
    if (exception_) std::rethrow_exception(exception_);
  }

 private:
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;
  std::exception_ptr exception_;
};

}  // namespace quotesweep
