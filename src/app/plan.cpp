#include <fmt/format.h>
#include <omp.h>

#include <chrono>

#include "app/commands.hpp"
#include "app/file_layout.hpp"
#include "app/progress_display.hpp"
#include "config/read_study.hpp"
#include "experiment/experiment.hpp"
#include "store/create_file.hpp"
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

std::string size_text(double bytes) {
  if (bytes < 1e6) return fmt::format("{:.0f} kB", bytes / 1e3);
  return bytes < 1e9 ? fmt::format("{:.1f} MB", bytes / 1e6)
                     : fmt::format("{:.2f} GB", bytes / 1e9);
}

double file_bytes(Study study, Quantiles quantiles) {
  study.scenario.metrics.quantiles = quantiles;
  return static_cast<double>(predict_size(file_layout(study)));
}

}  // namespace

int plan(const StudyOptions& options) {
  const Study study = read_study(options.study, options.overrides);
  const Work work = count_work(study);
  const Tiling tiling{study.design.size(), study.blocks()};
  const int threads = options.threads > 0 ? options.threads : omp_get_max_threads();
  const double rate = measure_rate(study);
  const auto points = static_cast<double>(tiling.points);
  fmt::print("study       {}\n", study.name);
  fmt::print("points      {}\n", tiling.points);
  for (const auto& axis : study.design.axes)
    fmt::print("  {:<18}{} values, {:g} to {:g}\n", axis.parameter, axis.values.size(),
               axis.values.front(), axis.values.back());
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
  fmt::print("file        {}, {}\n", study.output, size_text(file_bytes(study, study.quantiles())));
  const double with = file_bytes(study, Quantiles::always) - file_bytes(study, Quantiles::never);
  fmt::print(
      "quantiles   {}\n",
      quantiles
          ? fmt::format("kept: {} of the file; metrics.quantiles: never does without",
                        size_text(with))
          : fmt::format(
                "not kept: they would add {} to the file; metrics.quantiles: always keeps them",
                size_text(with)));
  return exit_complete;
}

}  // namespace quotesweep
