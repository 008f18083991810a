#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/engine.hpp"
#include "sweep/design.hpp"

namespace quotesweep {

/// The largest counts of a study; larger ones cannot be meant.
inline constexpr std::uint64_t most_paths = 1'000'000'000'000;
inline constexpr std::uint64_t most_block = 1 << 20;
inline constexpr std::uint64_t most_seed = 9'000'000'000'000'000;

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
  std::string output;  // path of the results file
  std::string yaml;    // the file's text, with what the command line changed

  std::uint64_t blocks() const { return (paths + block - 1) / block; }
};

/// A study as "key = value" lines in a fixed order: everything that decides its results, with
/// defaults filled in. Equal text means equal results.
std::string resolved_text(const Study& study);

/// SHA-256 of the resolved text, hexadecimal.
std::string study_hash(const Study& study);

/// The scenario of a point: the study's own with the swept values set.
Scenario point_scenario(const Study& study, std::uint64_t point);

/// Key of a point's random numbers: the seed, or without common random numbers a hash of the seed
/// and the point's swept names and values.
std::uint64_t draw_key(const Study& study, std::uint64_t point);

/// How much there is to simulate.
struct Work {
  double steps = 0.0;             // point-path-steps of the whole study
  std::int64_t longest_path = 0;  // [steps]
};
Work count_work(const Study& study);

/// What holds between parameters, at every point. Throws Error naming the point.
void check_points(const Study& study);

}  // namespace quotesweep
