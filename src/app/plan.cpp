#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <chrono>

#include "app/commands.hpp"
#include "app/plan_text.hpp"
#include "app/progress_display.hpp"
#include "app/replay_plan.hpp"
#include "app/warnings.hpp"
#include "config/read_study.hpp"
#include "experiment/experiment.hpp"
#include "experiment/parameter.hpp"
#include "experiment/point_warnings.hpp"
#include "sweep/dealer.hpp"

namespace quotesweep {
namespace {

/// Point-path-steps per second of one thread, measured for a tenth of a second on paths of the
/// study's first points, cut short where they are long.
double measure_rate(Study study) {
  constexpr std::int64_t longest = 1000;
  const auto points = std::min<std::uint64_t>(study.design.size(), 64);
  std::vector<PointInput> inputs;
  double steps = 0.0;
  for (std::uint64_t point = 0; point < points; ++point) {
    auto scenario = point_scenario(study, point);
    const auto count = std::min(step_count(scenario.market), longest);
    scenario.market.horizon = scenario.market.dt * static_cast<double>(count);
    scenario.metrics.clock = 0.0;
    steps += static_cast<double>(count);
    inputs.emplace_back(scenario, draw_key(study, point));
  }
  Engine engine(study.precision);
  std::vector<PointState> states(points);
  constexpr std::uint64_t paths = 256;
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  double done = 0.0, seconds = 0.0;
  while (seconds < 0.1) {
    engine.simulate(inputs, {0, paths}, states);
    done += steps * static_cast<double>(paths);
    seconds = std::chrono::duration<double>(Clock::now() - start).count();
  }
  return done / seconds;
}

double bytes_with(Study study, Quantiles quantiles) {
  study.scenario.metrics.quantiles = quantiles;
  return file_bytes(study);
}

void print_points(const Study& study) {
  fmt::print("study       {}\n", study.name);
  fmt::print("points      {}\n", study.design.size());
  std::size_t width = 18;
  for (const auto& axis : study.design.axes) width = std::max(width, axis.parameter.size() + 2);
  for (const auto& axis : study.design.axes)
    if (find_parameter(axis.parameter).is_number())
      fmt::print("  {:<{}}{} values, {:g} to {:g}\n", axis.parameter, width, axis.values.size(),
                 axis.values.front(), axis.values.back());
    else
      fmt::print("  {:<{}}{} values, {}\n", axis.parameter, width, axis.values.size(),
                 fmt::join(value_texts(axis), ", "));
}

void print_paths_plan(const Study& study, int threads) {
  const Work work = count_work(study);
  const Tiling tiling{study.design.size(), study.blocks()};
  const double rate = measure_rate(study);
  const auto points = static_cast<double>(tiling.points);
  fmt::print("paths       {} per point{}\n", study.blocks() * study.block,
             study.paths % study.block == 0
                 ? ""
                 : fmt::format(" ({} rounded up to whole blocks of {})", study.paths, study.block));
  fmt::print("steps       {} per path, {:.3g} point-path-steps in all\n", work.longest_path,
             work.steps);
  fmt::print("cells       {} (tiles of {} points x 1 block; a task is one or more)\n",
             tiling.cells(), std::min(tiling.points, tiling.tile_points));
  fmt::print("time        about {} with {} thread{} like this one ({:.0f} M steps/s each)\n",
             duration_text(work.steps / rate / threads), threads, threads == 1 ? "" : "s",
             rate / 1e6);
  const int quantities =
      study.scenario.metrics.detail == Detail::full ? quantity_count : basic_count;
  fmt::print(
      "memory      at most {} on rank 0, and {} per thread\n",
      size_text(points * (static_cast<double>(8 * study_state_columns(study).size()) + 200.0)),
      size_text(static_cast<double>(std::min<std::uint64_t>(tiling.points, 64)) * quantities *
                static_cast<double>(study.block) * 8.0));
  const bool quantiles = study.quantiles() == Quantiles::always;
  fmt::print("file        {}, {}\n", study.output, size_text(bytes_with(study, study.quantiles())));
  const double with = bytes_with(study, Quantiles::always) - bytes_with(study, Quantiles::never);
  fmt::print(
      "quantiles   {}\n",
      quantiles
          ? fmt::format("kept: {} of the file; metrics.quantiles: never does without",
                        size_text(with))
          : fmt::format(
                "not kept: they would add {} to the file; metrics.quantiles: always keeps them",
                size_text(with)));
}

}  // namespace

int plan(const PlanOptions& options) {
  const Study study = read_study(options.study.study, options.study.overrides);
  const int threads = options.study.threads > 0 ? options.study.threads : omp_get_max_threads();
  print_points(study);
  if (study.tape)
    print_replay_plan(study, threads);
  else
    print_paths_plan(study, threads);
  const auto lines = planned_warnings(study);
  print_warnings(lines);
  if (options.strict) refuse_warnings(lines);
  return exit_complete;
}

}  // namespace quotesweep
