#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "replay/replay_runner.hpp"
#include "sim/engine.hpp"
#include "sweep/design.hpp"
#include "tape/tape.hpp"

namespace quotesweep {

/// The largest counts of a study; larger ones cannot be meant.
inline constexpr std::uint64_t most_points = 10'000'000;
inline constexpr std::uint64_t most_paths = 1'000'000'000'000;
inline constexpr std::uint64_t most_block = 1 << 20;
inline constexpr std::uint64_t most_points_with_quantiles = 100'000;
inline constexpr std::uint64_t most_seed = 9'000'000'000'000'000;

/// A part of a study's points, dealt round: those with numbers index, index + count, ...
struct Shard {
  std::uint64_t index = 0;
  std::uint64_t count = 1;
};

/// What becomes of a tape's prices that lie between ticks.
enum class OffGrid { refuse, round };

/// A parameter that one symbol of a tape has for itself.
struct SymbolSetting {
  std::string symbol, parameter;
  double value = 0.0;
};

/// What one YAML file describes.
struct Study {
  std::string name = "study";
  Scenario scenario;
  Design design;
  std::uint64_t paths = 10000;
  std::uint64_t block = 1024;  // paths per block
  std::uint64_t seed = 1;
  bool common_random_numbers = true;
  Precision precision = Precision::single_;
  bool choose_precision = true;  // by the number of fills; settled when it is read
  Shard shard;                   // which part of the points this is
  std::string tape_file;         // that the tape is in
  OffGrid off_grid = OffGrid::refuse;
  std::shared_ptr<const Tape> tape;            // what is replayed; none where paths are simulated
  std::string tape_hash;                       // of its content
  std::vector<SymbolSetting> symbol_settings;  // in the order of the study
  std::vector<std::uint64_t> record;           // points whose series are kept
  std::string output;                          // path of the results file
  std::string output_place;  // where the study names it, such as "study.yaml:14"; for messages
  std::string yaml;          // the file's text, with what the command line changed

  Quantiles quantiles() const { return scenario.metrics.quantiles; }
  std::uint64_t blocks() const { return (paths + block - 1) / block; }
};

/// Most fills a path with which single precision changes no mean by 1 % of its standard error at
/// 10^6 paths: lanes of floats bias the rate of fills by some 3e-8.
inline constexpr double most_fills_in_single = 40'000.0;

/// Highest price in ticks with which floats resolve a hundredth of a tick.
inline constexpr double most_ticks_in_single = 100'000.0;

/// Puts a tape's prices on ticks (put_on_grid) and decides what was left to the program: details
/// are kept where any point needs more than bare quotes, quantiles up to
/// `most_points_with_quantiles`, and lanes are double precision where paths may have more than
/// `most_fills_in_single` fills, or prices more than `most_ticks_in_single` ticks.
void settle(Study& study);

/// The part of a study that is a shard's. Throws Error where it would be empty.
Study shard_of(Study study, const Shard& shard);

/// A study as "key = value" lines in a fixed order: everything that decides its results, with
/// defaults filled in. Equal text means equal results.
std::string resolved_text(const Study& study);

/// SHA-256 of the resolved text, hexadecimal.
std::string study_hash(const Study& study);

/// Values of an axis as the study writes them.
std::vector<std::string> value_texts(const Axis& axis);

/// Swept names and values of a point, such as "strategy.gamma = 0.1, risk.q_max = 3".
std::string point_text(const Study& study, std::uint64_t point);

/// The scenario of a point: the study's own with the swept values set.
Scenario point_scenario(const Study& study, std::uint64_t point);

/// Key of a point's random numbers: the seed, or without common random numbers a hash of the seed
/// and the point's swept names and values.
std::uint64_t draw_key(const Study& study, std::uint64_t point);

/// A point ready to simulate.
PointInput point_input(const Study& study, std::uint64_t point);

/// A point ready to replay: its scenario for every symbol of the tape.
ReplayPoint replay_point(const Study& study, std::uint64_t point);

/// What the work of a study is counted in.
struct WorkWords {
  std::string each = "paths";             // what a point consists of
  std::string step = "steps";             // in short
  std::string unit = "point-path-steps";  // in whole
};

/// How much there is to simulate, or to replay.
struct Work {
  double steps = 0.0;             // of the whole study, in `words.unit`
  std::int64_t longest_path = 0;  // [steps]
  std::uint64_t per_point = 0;    // paths, or bars of all symbols
  WorkWords words;
};
Work count_work(const Study& study);

/// What holds between parameters, at every point. Throws Error naming the point.
void check_points(const Study& study);

}  // namespace quotesweep
