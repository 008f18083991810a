#include "experiment/experiment.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <utility>

namespace quotesweep {
namespace {

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

}  // namespace

/// What one thread does at a time: some points of a task at one block.
struct Experiment::Unit {
  std::uint64_t first_point, point_count;  // relative to the task
  std::uint64_t block;                     // absolute
};

Experiment::Experiment(Study study, int threads) : study_(std::move(study)), threads_(threads) {}

/// Splits each block's points as finely as it takes to keep all threads busy, but not below 8
/// points, because points that stay together share their random draws.
std::vector<Experiment::Unit> Experiment::cut(const Task& task) const {
  const auto wanted = static_cast<std::uint64_t>(threads_ == 1 ? 1 : 4 * threads_);
  const std::uint64_t parts =
      std::clamp<std::uint64_t>(wanted / task.block_count, 1, (task.point_count + 7) / 8);
  std::uint64_t size = std::min<std::uint64_t>((task.point_count + parts - 1) / parts, 64);
  std::vector<Unit> units;
  for (std::uint64_t block = 0; block < task.block_count; ++block)
    for (std::uint64_t point = 0; point < task.point_count; point += size)
      units.push_back({point, std::min(size, task.point_count - point), task.first_block + block});
  return units;
}

void Experiment::run(const Unit& unit, const Task& task, std::span<const PointInput> points,
                     Engine& engine, std::vector<PointState>& states) const {
  std::vector<PointState> found(unit.point_count);
  engine.simulate(points.subspan(unit.first_point, unit.point_count),
                  {unit.block * study_.block, study_.block}, found);
  for (std::uint64_t i = 0; i < unit.point_count; ++i)
    states[(unit.first_point + i) * task.block_count + unit.block - task.first_block] = found[i];
}

std::vector<double> Experiment::evaluate(const Task& task) {
  const auto units = cut(task);
  std::vector<PointInput> points(task.point_count);
  std::vector<PointState> states(task.point_count * task.block_count);
  FirstFailure failure;
#pragma omp parallel num_threads(threads_)
  {
#pragma omp for schedule(dynamic, 1)
    for (std::size_t i = 0; i < points.size(); ++i)
      failure.guard([&] { points[i] = point_input(study_, task.first_point + i); });
    Engine engine(study_.precision);
#pragma omp for schedule(dynamic, 1)
    for (std::size_t i = 0; i < units.size(); ++i)
      failure.guard([&] { run(units[i], task, points, engine, states); });
  }
  failure.rethrow();
  std::vector<double> doubles(task.state_count() * width());
  const std::uint64_t per_state = task.folded() ? task.block_count : 1;
  for (std::uint64_t i = 0; i < task.state_count(); ++i) {
    PointState state = states[i * per_state];
    for (std::uint64_t b = 1; b < per_state; ++b) state.merge(states[i * per_state + b]);
    write_state(state, std::span(doubles).subspan(i * width(), width()));
  }
  return doubles;
}

void Experiment::merge(std::span<double> into, std::span<const double> next) const {
  PointState state = read_state(into);
  state.merge(read_state(next));
  write_state(state, into);
}

std::vector<double> Experiment::results(std::uint64_t point, std::span<const double> state) const {
  const Scenario scenario = point_scenario(study_, point);
  return point_results(read_state(state), scenario.metrics, path_target(scenario));
}

}  // namespace quotesweep
