#pragma once

#include <string>
#include <vector>

namespace quotesweep {

/// Exit status of the program; scripts rely on these numbers.
enum ExitStatus {
  exit_complete = 0,
  exit_failed_points = 1,
  exit_bad_usage = 2,
  exit_interrupted = 3
};

/// A study file and what the command line changes about it.
struct StudyOptions {
  std::string study;
  std::vector<std::string> overrides;  // KEY=VALUE
  int threads = 0;                     // 0: choose
};

struct RunOptions {
  StudyOptions study;
  std::string output;  // empty: the study's own
  bool fresh = false;
  int tile_points = 64;
};

struct ShowOptions {
  std::string file;
  std::string best;  // metric, or empty
  bool csv = false;
  int rows = 20;
};

/// Each command prints its output to stdout, everything else to stderr, and returns the exit
/// status.
int run(const RunOptions& options);
int plan(const StudyOptions& options);
int show(const ShowOptions& options);
int print_digest(const std::string& file);
int describe(const std::string& parameter);
int print_schema();

}  // namespace quotesweep
