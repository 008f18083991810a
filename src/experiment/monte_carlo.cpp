#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>

#include "experiment/simulation.hpp"

namespace quotesweep {
namespace {

/// Paths of the lane engine.
class MonteCarlo final : public Simulation {
 public:
  MonteCarlo(const Study& study, int threads)
      : study_(study), threads_(threads), width_(state_width(study.scenario.metrics)) {}

  std::vector<double> evaluate(const Task& task) override;
  void merge(std::span<double> into, std::span<const double> next) const override;
  std::vector<double> results(std::uint64_t point, std::span<const double> state) const override;

 private:
  /// What one thread does at a time: some points of a task at one block.
  struct Unit {
    std::uint64_t first_point, point_count;  // relative to the task
    std::uint64_t block;                     // absolute
  };

  std::vector<Unit> cut(const Task& task) const;
  void run(const Unit& unit, const Task& task, std::span<const PointInput> points, Engine& engine,
           std::vector<PointState>& states) const;

  std::unique_ptr<Engine> take_engine();
  void give_back(std::unique_ptr<Engine> engine);

  const Study& study_;
  int threads_;
  std::size_t width_;
  std::mutex idle_mutex_;
  std::vector<std::unique_ptr<Engine>> idle_;  // whose megabytes serve the next task
};

std::unique_ptr<Engine> MonteCarlo::take_engine() {
  const std::lock_guard lock(idle_mutex_);
  if (idle_.empty()) return std::make_unique<Engine>(study_.precision);
  auto engine = std::move(idle_.back());
  idle_.pop_back();
  return engine;
}

void MonteCarlo::give_back(std::unique_ptr<Engine> engine) {
  const std::lock_guard lock(idle_mutex_);
  idle_.push_back(std::move(engine));
}

/// Splits each block's points as finely as it takes to keep all threads busy, but not below 8
/// points, because points that stay together share their random draws.
std::vector<MonteCarlo::Unit> MonteCarlo::cut(const Task& task) const {
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

void MonteCarlo::run(const Unit& unit, const Task& task, std::span<const PointInput> points,
                     Engine& engine, std::vector<PointState>& states) const {
  std::vector<PointState> found(unit.point_count);
  engine.simulate(points.subspan(unit.first_point, unit.point_count),
                  {unit.block * study_.block, study_.block}, found);
  for (std::uint64_t i = 0; i < unit.point_count; ++i)
    states[(unit.first_point + i) * task.block_count + unit.block - task.first_block] = found[i];
}

std::vector<double> MonteCarlo::evaluate(const Task& task) {
  const auto units = cut(task);
  std::vector<PointInput> points(task.point_count);
  std::vector<PointState> states(task.point_count * task.block_count);
  FirstFailure failure;
#pragma omp parallel num_threads(threads_)
  {
#pragma omp for schedule(dynamic, 1)
    for (std::size_t i = 0; i < points.size(); ++i)
      failure.guard([&] { points[i] = point_input(study_, task.first_point + i); });
    std::unique_ptr<Engine> engine;
    failure.guard([&] { engine = take_engine(); });
#pragma omp for schedule(dynamic, 1)
    for (std::size_t i = 0; i < units.size(); ++i)
      failure.guard([&] { run(units[i], task, points, *engine, states); });
    failure.guard([&] { give_back(std::move(engine)); });
  }
  failure.rethrow();
  std::vector<double> doubles(task.state_count() * width_);
  const std::uint64_t per_state = task.folded() ? task.block_count : 1;
  for (std::uint64_t i = 0; i < task.state_count(); ++i) {
    PointState state = states[i * per_state];
    for (std::uint64_t b = 1; b < per_state; ++b) state.merge(states[i * per_state + b]);
    write_state(state, std::span(doubles).subspan(i * width_, width_));
  }
  return doubles;
}

void MonteCarlo::merge(std::span<double> into, std::span<const double> next) const {
  PointState state = read_state(into);
  state.merge(read_state(next));
  write_state(state, into);
}

std::vector<double> MonteCarlo::results(std::uint64_t point, std::span<const double> state) const {
  const Scenario scenario = point_scenario(study_, point);
  return point_results(read_state(state), scenario.metrics, path_target(scenario));
}

}  // namespace

std::unique_ptr<Simulation> make_monte_carlo(const Study& study, int threads) {
  return std::make_unique<MonteCarlo>(study, threads);
}

}  // namespace quotesweep
