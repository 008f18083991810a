#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/output_file.hpp"
#include "experiment/study.hpp"

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

struct PlanOptions {
  StudyOptions study;
  bool strict = false;  // warnings are errors
};

struct RunOptions {
  StudyOptions study;
  std::optional<std::string> output;  // beats the study's own
  bool fresh = false;
  FailedPoints failed = FailedPoints::keep;
  Shard shard;
  double max_time = 0.0;         // after which the run stops; 0: never [s]
  double sync_interval = 10.0;   // between forcing data to the disk [s]
  double worker_timeout = 10.0;  // least silence after which a rank is given up [s]
  bool log_json = false;
  bool strict = false;  // warnings are errors
  int tile_points = 64;
};

struct LaunchOptions {
  RunOptions run;
  int ranks = 0;                           // 0: choose
  std::string hostfile;                    // empty: what the scheduler or this machine gives
  std::vector<std::string> mpi_arguments;  // passed on to mpirun
  std::vector<std::string> arguments;      // of `run`, as they were given
  bool dry_run = false;                    // print the command line only
};

struct StatusOptions {
  std::string file;
  bool watch = false;
};

struct MergeOptions {
  std::vector<std::string> shards;
  std::string output;
  bool fresh = false;
};

struct ShowOptions {
  std::string file;
  std::string best;  // metric, or empty
  bool csv = false;
  int rows = 20;
};

struct VerifyOptions {
  StudyOptions study;
  double bound = 4.5;  // of |z|
  bool csv = false;
};

struct TraceOptions {
  StudyOptions study;
  std::optional<std::uint64_t> point;
  std::uint64_t path = 0;
};

struct SimulateOptions {
  StudyOptions study;
  std::optional<std::uint64_t> point;
  std::uint64_t path = 0;
  std::string output;      // series as CSV; empty: none
  std::int64_t every = 0;  // steps from one line, or row of the series, to the next; 0: choose
};

/// Each command prints its output to stdout, everything else to stderr, and returns the exit
/// status.
int run(const RunOptions& options);
int launch(const LaunchOptions& options);
int status(const StatusOptions& options);
int merge(const MergeOptions& options);
int plan(const PlanOptions& options);
int verify(const VerifyOptions& options);
int trace(const TraceOptions& options);
int simulate(const SimulateOptions& options);
int show(const ShowOptions& options);
int print_digest(const std::string& file);
int describe(const std::string& parameter);
int print_schema();

}  // namespace quotesweep
