#include "app/replay_plan.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "app/plan_text.hpp"
#include "app/progress_display.hpp"
#include "base/error.hpp"
#include "experiment/experiment.hpp"
#include "experiment/parameter.hpp"
#include "sweep/dealer.hpp"

namespace quotesweep {
namespace {

constexpr std::uint64_t most_points_tried = 64;
constexpr std::size_t most_bars_tried = 100'000;  // of all symbols

/// The study on the first bars of its tape, and with fewer points, spread over all.
Study sample_of(const Study& study) {
  Study sample = study;
  const std::uint64_t stride = std::max<std::uint64_t>(1, study.design.size() / most_points_tried);
  if (stride > 1) sample.design = every_nth(study.design, 0, stride);
  const auto bars = std::min(study.tape->size(), most_bars_tried / study.tape->symbols.size());
  sample.tape =
      std::make_shared<const Tape>(part_of(*study.tape, symbol_names(*study.tape), 0, bars));
  try {
    check_points(sample);
  } catch (const Error&) {
    sample.tape = study.tape;  // too short for the warm-up or the clock
  }
  return sample;
}

/// Point-bars per second of one thread, standard errors included, measured once.
double measure_rate(const Study& study) {
  const Study sample = sample_of(study);
  const double work = count_work(sample).steps;
  Experiment experiment(sample, 1);
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  experiment.evaluate({0, sample.design.size(), 0, 1});
  return work / std::chrono::duration<double>(Clock::now() - start).count();
}

/// When a bar opens; of bars of a day or more the date.
std::string time_text(const Tape& tape, std::size_t bar) {
  const auto time = fmt::gmtime(static_cast<std::time_t>(tape.time[bar] / 1'000'000'000));
  return tape.bar_seconds >= 86400.0 ? fmt::format("{:%Y-%m-%d}", time)
                                     : fmt::format("{:%Y-%m-%d %H:%M}", time);
}

/// A length such as 1d, 5m or 0.25s.
std::string length_text(double seconds) {
  constexpr std::pair<double, char> units[] = {{86400.0, 'd'}, {3600.0, 'h'}, {60.0, 'm'}};
  for (const auto& [length, letter] : units)
    if (seconds >= length && std::fmod(seconds, length) == 0.0)
      return fmt::format("{:g}{}", seconds / length, letter);
  return fmt::format("{:g}s", seconds);
}

/// Names of the strategies that any symbol has at any point.
std::vector<std::string> strategies_of(const Study& study) {
  const auto& name = find_parameter("strategy.name");
  const auto axis = std::ranges::find(study.design.axes, name.name, &Axis::parameter);
  if (axis != study.design.axes.end()) {
    std::vector<std::string> names;
    for (const auto& text : value_texts(*axis))
      if (std::ranges::find(names, text) == names.end()) names.push_back(text);
    return names;
  }
  std::vector<std::string> names;
  for (const auto& scenario : replay_point(study, 0).symbols) {
    const auto text = value_text(name, name.get(scenario));
    if (std::ranges::find(names, text) == names.end()) names.push_back(text);
  }
  return names;
}

/// Prices and volumes, and three indicators [bytes].
double tape_bytes(const Tape& tape) {
  return static_cast<double>(tape.size()) *
         (8.0 + 8.0 * 8.0 * static_cast<double>(tape.symbols.size()));
}

/// The series of clock intervals of a block of lanes [bytes].
double series_bytes(const Study& study) {
  const auto intervals = replay_clock(*study.tape, clock_bars(study.scenario)).ends.size();
  return static_cast<double>(intervals * (replay_sum_count + 1 + study.tape->symbols.size()) *
                             sizeof(Column));
}

}  // namespace

void print_replay_plan(const Study& study, int threads) {
  const Tape& tape = *study.tape;
  const Work work = count_work(study);
  fmt::print("tape        {}: {} to {}, {} bars of {}\n", study.tape_file, time_text(tape, 0),
             time_text(tape, tape.size() - 1), tape.size(), length_text(tape.bar_seconds));
  fmt::print("symbols     {}: {}\n", tape.symbols.size(), fmt::join(symbol_names(tape), ", "));
  fmt::print("strategies  {}\n", fmt::join(strategies_of(study), ", "));
  fmt::print("bars        {} per point, {:.3g} point-bars in all\n", work.per_point, work.steps);
  const double rate = measure_rate(study);
  fmt::print("time        about {} with {} thread{} like this one ({:.1f} M bars/s each)\n",
             duration_text(work.steps / rate / threads), threads, threads == 1 ? "" : "s",
             rate / 1e6);
  fmt::print("memory      at most {} on rank 0, {} for the tape, and {} per thread\n",
             size_text(static_cast<double>(study.design.size()) *
                       (static_cast<double>(8 * study_state_columns(study).size()) + 200.0)),
             size_text(tape_bytes(tape)), size_text(series_bytes(study)));
  fmt::print("file        {}, {}\n", study.output, size_text(file_bytes(study)));
}

}  // namespace quotesweep
