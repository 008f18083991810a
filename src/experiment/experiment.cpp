#include "experiment/experiment.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <utility>

namespace quotesweep {

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

void Experiment::run(const Unit& unit, const Task& task, Engine& engine,
                     std::vector<PointState>& states) const {
  std::vector<PointInput> points;
  for (std::uint64_t i = 0; i < unit.point_count; ++i) {
    const std::uint64_t point = task.first_point + unit.first_point + i;
    points.push_back({point_scenario(study_, point), draw_key(study_, point)});
  }
  std::vector<PointState> found(unit.point_count);
  engine.simulate(points, {unit.block * study_.block, study_.block}, found);
  for (std::uint64_t i = 0; i < unit.point_count; ++i)
    states[(unit.first_point + i) * task.block_count + unit.block - task.first_block] = found[i];
}

std::vector<double> Experiment::evaluate(const Task& task) {
  const auto units = cut(task);
  std::vector<PointState> states(task.point_count * task.block_count);
  std::exception_ptr failure;
  std::mutex failure_mutex;
#pragma omp parallel num_threads(threads_)
  {
    Engine engine(study_.precision);
#pragma omp for schedule(dynamic, 1)
    for (std::size_t i = 0; i < units.size(); ++i) {
      try {
        run(units[i], task, engine, states);
      } catch (...) {
        const std::lock_guard lock(failure_mutex);
        failure = std::current_exception();
      }
    }
  }
  if (failure) std::rethrow_exception(failure);
  std::vector<double> doubles(task.state_count() * state_width);
  const std::uint64_t per_state = task.folded() ? task.block_count : 1;
  for (std::uint64_t i = 0; i < task.state_count(); ++i) {
    PointState state = states[i * per_state];
    for (std::uint64_t b = 1; b < per_state; ++b) state.merge(states[i * per_state + b]);
    write_state(state, std::span(doubles).subspan(i * state_width, state_width));
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
