#include <algorithm>
#include <numeric>

#include "experiment/simulation.hpp"
#include "replay/replay_results.hpp"

namespace quotesweep {
namespace {

/// Numbers of points that step through the tape together, at most a block of lanes.
using Block = std::vector<std::size_t>;

/// Points in blocks of at most `most`, each of points that are alike; those that are fastest in
/// registers of lanes are in such blocks.
std::vector<Block> blocks_of(const std::vector<ReplayPoint>& points, std::size_t most) {
  std::vector<Block> open, full;
  for (std::size_t i = 0; i < points.size(); ++i) {
    auto block = std::ranges::find_if(
        open, [&](const Block& one) { return step_together(points[one[0]], points[i]); });
    if (block == open.end()) block = open.insert(open.end(), Block{});
    block->push_back(i);
    if (block->size() < (steps_in_packs(points[i]) ? lane_step : most)) continue;
    full.push_back(std::move(*block));
    open.erase(block);
  }
  full.insert(full.end(), open.begin(), open.end());
  return full;
}

/// Points in lanes over one tape.
class Replay final : public Simulation {
 public:
  Replay(const Study& study, int threads)
      : study_(study),
        threads_(threads),
        measure_{.clock = replay_clock(*study.tape, clock_bars(study.scenario)),
                 .target = study.scenario.metrics.target} {
    measure_.windows =
        replay_windows(measure_.clock, static_cast<std::size_t>(study.scenario.windows_of_replay));
    const auto& wanted = study.scenario.bootstrap;
    const auto intervals = measure_.clock.ends.size();
    measure_.bootstrap = {
        .intervals = intervals,
        .resamples = static_cast<std::size_t>(wanted.resamples),
        .mean_block = wanted.mean_block > 0.0 ? wanted.mean_block : default_mean_block(intervals),
        .seed = study.seed};
    measure_.resamples = resample_all(measure_.bootstrap);
    for (const auto& bars : study.tape->symbols) shelves_.emplace_back(bars);
  }

  std::vector<double> evaluate(const Task& task) override {
    std::vector<ReplayPoint> points;
    for (std::uint64_t i = 0; i < task.point_count; ++i)
      points.push_back(replay_point(study_, task.first_point + i));
    const auto blocks = blocks_of(points, lanes_for(points.size()));
    std::vector<std::vector<double>> states(points.size());
    FirstFailure failure;
#pragma omp parallel for num_threads(threads_) schedule(dynamic, 1)
    for (std::size_t i = 0; i < blocks.size(); ++i)
      failure.guard([&] { run(blocks[i], points, states); });
    failure.rethrow();
    std::vector<double> doubles;
    for (const auto& state : states) doubles.insert(doubles.end(), state.begin(), state.end());
    return doubles;
  }

  void merge(std::span<double> into, std::span<const double> next) const override {
    std::ranges::copy(next, into.begin());  // there is one block only
  }

  std::vector<double> results(std::uint64_t, std::span<const double> state) const override {
    return {state.begin(), state.end()};
  }

 private:
  /// As wide as it takes to keep all threads busy, but at least a vector register.
  std::size_t lanes_for(std::size_t points) const {
    const auto share =
        (points + static_cast<std::size_t>(threads_) - 1) / static_cast<std::size_t>(threads_);
    const std::size_t whole = (share + lane_step - 1) / lane_step * lane_step;
    return std::clamp<std::size_t>(whole, lane_step, replay_lanes);
  }

  void run(const Block& block, const std::vector<ReplayPoint>& points,
           std::vector<std::vector<double>>& states) {
    std::vector<ReplayPoint> lanes;
    for (const auto i : block) lanes.push_back(points[i]);
    ReplayRunner runner(*study_.tape, shelves_, lanes);
    auto results = replay_results(runner, *study_.tape, measure_, lanes.size());
    for (std::size_t lane = 0; lane < block.size(); ++lane)
      states[block[lane]] = std::move(results[lane]);
  }

  const Study& study_;
  int threads_;
  ReplayMeasure measure_;
  std::vector<BarShelf> shelves_;
};

}  // namespace

std::unique_ptr<Simulation> make_replay(const Study& study, int threads) {
  return std::make_unique<Replay>(study, threads);
}

}  // namespace quotesweep
