#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/commands.hpp"
#include "app/progress_display.hpp"
#include "base/error.hpp"
#include "config/read_study.hpp"
#include "experiment/experiment.hpp"
#include "experiment/parameter.hpp"
#include "experiment/verification.hpp"

namespace quotesweep {
namespace {

/// Points simulated together; they share random draws.
constexpr std::uint64_t tile = 64;

using PointComparisons = std::vector<Comparison>;

std::string_view key_of(const Axis& axis) {
  return find_parameter(axis.parameter).key();
}

/// A point's place on the axes: numbers in this format, choices by name.
std::vector<std::string> values_of(const Study& study, std::uint64_t point, const char* format) {
  std::vector<std::string> texts;
  const auto values = study.design.point(point);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto& parameter = find_parameter(study.design.axes[i].parameter);
    texts.push_back(parameter.is_number() ? fmt::format(fmt::runtime(format), values[i])
                                          : value_text(parameter, values[i]));
  }
  return texts;
}

void print_csv(const Study& study, const std::vector<PointComparisons>& all) {
  for (const auto& axis : study.design.axes) fmt::print("{},", key_of(axis));
  fmt::print("metric,exact,simulated,standard_error,z\n");
  for (std::uint64_t point = 0; point < all.size(); ++point)
    for (const auto& c : all[point]) {
      for (const auto& value : values_of(study, point, "{}")) fmt::print("{},", value);
      fmt::print("{},{},{},{},{}\n", c.metric, c.exact, c.simulated, c.standard_error, c.z());
    }
}

void print_table(const Study& study, const std::vector<PointComparisons>& all) {
  for (const auto& axis : study.design.axes) fmt::print("{:>10} ", key_of(axis));
  fmt::print("{:<22}{:>14}{:>14}{:>11}{:>8}\n", "metric", "exact", "simulated", "s.e.", "z");
  for (std::uint64_t point = 0; point < all.size(); ++point)
    for (const auto& c : all[point]) {
      for (const auto& value : values_of(study, point, "{:.6g}")) fmt::print("{:>10} ", value);
      fmt::print("{:<22}{:>14.8g}{:>14.8g}{:>11.2g}{:>8.2f}\n", c.metric, c.exact, c.simulated,
                 c.standard_error, c.z());
    }
}

/// A line per metric; returns the number of comparisons beyond the bound.
int print_summary(std::FILE* out, const std::vector<PointComparisons>& all, double bound) {
  fmt::print(out, "\n{:<22}{:>8}{:>10}{:>10}\n", "metric", "cells", "max |z|", "rms z");
  int beyond = 0, count = 0;
  for (std::size_t metric = 0; metric < all.front().size(); ++metric) {
    std::vector<double> z;
    for (const auto& point : all) z.push_back(point[metric].z());
    const auto summary = summarise_scores(z);
    const auto failed = static_cast<int>(
        std::ranges::count_if(z, [&](double value) { return std::abs(value) > bound; }));
    fmt::print(out, "{:<22}{:>8}{:>10.2f}{:>10.2f}{}\n", all.front()[metric].metric, summary.count,
               summary.largest, summary.root_mean_square, failed > 0 ? "  FAILED" : "");
    beyond += failed;
    count += summary.count;
  }
  fmt::print(out, "{} of {} comparisons have |z| <= {:g}\n", count - beyond, count, bound);
  return beyond;
}

std::vector<PointComparisons> compare(const Study& study, int threads) {
  Experiment experiment(study, threads);
  const std::uint64_t points = study.design.size();
  ProgressDisplay display(count_work(study), fmt::format("{} threads", threads));
  std::vector<PointComparisons> all;
  for (std::uint64_t first = 0; first < points; first += tile) {
    const Task task{first, std::min(tile, points - first), 0, study.blocks()};
    const auto states = experiment.evaluate(task);
    for (std::uint64_t i = 0; i < task.point_count; ++i)
      all.push_back(compare_with_exact(
          point_input(study, first + i),
          read_state(std::span(states).subspan(i * experiment.width(), experiment.width()))));
    display.update(static_cast<double>(all.size()) / static_cast<double>(points));
  }
  display.clear();
  return all;
}

}  // namespace

int verify(const VerifyOptions& options) {
  const Study study = read_study(options.study.study, options.study.overrides);
  if (study.tape)
    throw Error(
        "{}: replays a tape, whose results have no exact values to be compared with. Use "
        "`quotesweep "
        "run`; its standard errors are by bootstrap",
        options.study.study);
  const int threads = options.study.threads > 0 ? options.study.threads : omp_get_max_threads();
  fmt::print(stderr, "{}: {} points x {} paths against the exact recursion, {} thread{}\n",
             study.name, study.design.size(), study.blocks() * study.block, threads,
             threads == 1 ? "" : "s");
  const auto all = compare(study, threads);
  if (options.csv)
    print_csv(study, all);
  else
    print_table(study, all);
  const int beyond = print_summary(options.csv ? stderr : stdout, all, options.bound);
  return beyond == 0 ? exit_complete : exit_failed_points;
}

}  // namespace quotesweep
