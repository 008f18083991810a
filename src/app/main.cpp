#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <span>
#include <sstream>
#include <utility>

#include "app/commands.hpp"
#include "app/version.hpp"
#include "base/error.hpp"
#include "schedule/mpi_session.hpp"

namespace {

using namespace quotesweep;

constexpr const char* examples = R"(Examples:
  quotesweep plan sweeps/quickstart.yaml                what it would cost
  quotesweep run sweeps/quickstart.yaml --fresh         on this machine, all cores
  quotesweep launch -n 4 sweeps/quickstart.yaml         four ranks under mpirun
  quotesweep status quickstart.h5 --watch               how far it is
  quotesweep run my.yaml --set paths=1e6 --set 'sweep.gamma=[0.1, 0.2]' -o fine.h5
  quotesweep show quickstart.h5 --best sharpe           as a table, best first
  quotesweep show quickstart.h5 --csv > all.csv
  quotesweep verify sweeps/quickstart.yaml              simulation against exact values
  quotesweep trace sweeps/quickstart.yaml --point 12 --path 7 > path.csv    step by step
  quotesweep simulate sweeps/mm_mvp.yaml -o path.csv    one path, told as it goes
  quotesweep describe gamma                             unit, range, default, meaning
Exit status: 0 complete, 1 failed points or check, 2 bad usage or bad study, 3 interrupted but resumable.)";

void add_study_options(CLI::App& command, StudyOptions& options) {
  command.add_option("study", options.study, "study in YAML")->required()->type_name("STUDY.yaml");
  command
      .add_option("--set", options.overrides,
                  "change any key of the study, such as paths=1e6 or 'sweep.gamma=[0.1, 0.2]'")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
}

void add_threads_option(CLI::App& command, StudyOptions& options) {
  command
      .add_option("--threads", options.threads, "threads per rank (default: all that it may use)")
      ->check(CLI::Range(1, 4096))
      ->type_name("N");
}

template <class Options>
void add_strict_option(CLI::App& command, Options& options) {
  command.add_flag("--strict", options.strict, "make errors of warnings");
}

template <class Options>
void add_path_options(CLI::App& command, Options& options) {
  command.add_option("--path", options.path, "number of the path, from 0")
      ->capture_default_str()
      ->type_name("N");
  command
      .add_option("--point", options.point,
                  "number of the point, from 0; or --set a value of each swept parameter")
      ->type_name("N");
}

/// "90", "90s", "50m", "1h30m" as seconds.
std::string read_duration(std::string& text) {
  double total = 0.0;
  std::istringstream stream(text);
  for (double value = 0.0; stream >> value;) {
    const int unit = stream.get();
    const double factor = unit == 'h' ? 3600.0 : unit == 'm' ? 60.0 : 1.0;
    if (unit != 'h' && unit != 'm' && unit != 's' && unit != EOF)
      return "must be like 50m or 1h30m";
    total += value * factor;
  }
  if (!(total > 0.0) || !stream.eof()) return "must be a time such as 90s, 50m or 1h30m";
  text = fmt::format("{}", total);
  return "";
}

/// "i/N" as "i N".
Shard read_shard(const std::string& text) {
  Shard shard;
  char slash = 0;
  std::istringstream stream(text);
  if (!(stream >> shard.index >> slash >> shard.count) || slash != '/' ||
      !(stream >> std::ws).eof() || shard.index >= shard.count)
    throw CLI::ValidationError("--shard " + text, "must be i/N with i from 0 to N-1, such as 0/4");
  return shard;
}

void add_run_options(CLI::App& command, RunOptions& options) {
  add_study_options(command, options.study);
  add_threads_option(command, options.study);
  command.add_option("-o,--output", options.output, "results file (beats the study's)")
      ->type_name("FILE");
  command.add_flag("--fresh", options.fresh, "replace an existing results file");
  command.add_flag_callback(
      "--retry-failed", [&] { options.failed = FailedPoints::retry; }, "run failed points again");
  command
      .add_option("--max-time", options.max_time,
                  "stop after this time, such as 50m; the same command continues")
      ->transform(CLI::Validator(read_duration, "TIME"));
  command
      .add_option_function<std::string>(
          "--shard", [&](const std::string& text) { options.shard = read_shard(text); },
          "only points i, i+N, i+2N, ...; `merge` joins the files")
      ->type_name("i/N");
  command
      .add_option("--sync-interval", options.sync_interval, "seconds between forcing data to disk")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str()
      ->type_name("S");
  command
      .add_option("--worker-timeout", options.worker_timeout,
                  "least silence after which a rank is given up, in seconds")
      ->check(CLI::PositiveNumber)
      ->capture_default_str()
      ->type_name("S");
  command.add_flag("--log-json", options.log_json, "log for machines: a JSON object a line");
  add_strict_option(command, options);
  command
      .add_option("--tile-points", options.tile_points,
                  "points that share random draws in a task; speed only")
      ->check(CLI::Range(1, 1 << 20))
      ->type_name("N");
}

/// The arguments of `launch` without those that are its own.
std::vector<std::string> arguments_of_run(int argc, char** argv) {
  std::vector<std::string> arguments;
  bool skip = false;
  for (const std::string word : std::span(argv, static_cast<std::size_t>(argc)).subspan(2)) {
    if (std::exchange(skip, false) || word == "--dry-run") continue;
    const auto is = [&](std::string_view name) { return word == name; };
    skip = is("-n") || is("--ranks") || is("--hostfile") || is("--mpi");
    const bool joined = word.starts_with("--ranks=") || word.starts_with("--hostfile=") ||
                        word.starts_with("--mpi=") || (word.starts_with("-n") && word.size() > 2);
    if (!skip && !joined) arguments.push_back(word);
  }
  return arguments;
}

int dispatch(int argc, char** argv) {
  CLI::App app{"quotesweep: how a market-making strategy's results depend on its parameters"};
  app.set_version_flag("--version", fmt::format("quotesweep {} ({})", program_version, git_commit));
  app.require_subcommand(1);
  app.footer(examples);
  int status = exit_complete;

  RunOptions run_options;
  auto* run_command =
      app.add_subcommand("run", "run a study, or go on with it, alone or under mpirun");
  add_run_options(*run_command, run_options);
  run_command->callback([&] { status = run(run_options); });

  LaunchOptions launch_options;
  auto* launch_command = app.add_subcommand(
      "launch", "run a study under mpirun, with the right flags for this machine or batch job");
  add_run_options(*launch_command, launch_options.run);
  launch_command
      ->add_option("-n,--ranks", launch_options.ranks, "ranks (default: the job's, or one a core)")
      ->check(CLI::Range(1, 1 << 20))
      ->type_name("N");
  launch_command->add_option("--hostfile", launch_options.hostfile, "hosts to use, for mpirun")
      ->type_name("FILE");
  launch_command
      ->add_option("--mpi", launch_options.mpi_arguments, "one more argument for mpirun; repeat")
      ->type_name("ARGUMENT")
      ->allow_extra_args(false);
  launch_command->add_flag("--dry-run", launch_options.dry_run, "print mpirun's command line only");
  launch_command->callback([&] {
    launch_options.arguments = arguments_of_run(argc, argv);
    status = launch(launch_options);
  });

  StatusOptions status_options;
  auto* status_command =
      app.add_subcommand("status", "tell how far a running, finished or interrupted sweep is");
  status_command->add_option("file", status_options.file, "results file")
      ->required()
      ->type_name("FILE");
  status_command->add_flag("--watch", status_options.watch,
                           "again and again, until it is finished");
  status_command->callback([&] { status = quotesweep::status(status_options); });

  MergeOptions merge_options;
  auto* merge_command = app.add_subcommand("merge", "join the files of shards");
  merge_command->add_option("shards", merge_options.shards, "results files of `run --shard`")
      ->required()
      ->type_name("SHARD...");
  merge_command->add_option("-o,--output", merge_options.output, "results file to make")
      ->required()
      ->type_name("FILE");
  merge_command->add_flag("--fresh", merge_options.fresh, "replace an existing results file");
  merge_command->callback([&] { status = merge(merge_options); });

  PlanOptions plan_options;
  auto* plan_command =
      app.add_subcommand("plan", "say what a study would cost; runs nothing of it");
  add_study_options(*plan_command, plan_options.study);
  add_threads_option(*plan_command, plan_options.study);
  add_strict_option(*plan_command, plan_options);
  plan_command->callback([&] { status = plan(plan_options); });

  VerifyOptions verify_options;
  auto* verify_command = app.add_subcommand(
      "verify", "simulate a study and compare it with exact values, cell by cell");
  add_study_options(*verify_command, verify_options.study);
  add_threads_option(*verify_command, verify_options.study);
  verify_command->add_option("--bound", verify_options.bound, "largest |z| that passes")
      ->check(CLI::PositiveNumber)
      ->capture_default_str()
      ->type_name("Z");
  verify_command->add_flag("--csv", verify_options.csv, "comparisons as comma-separated values");
  verify_command->callback([&] { status = verify(verify_options); });

  TraceOptions trace_options;
  auto* trace_command =
      app.add_subcommand("trace", "print one path of one point step by step, as CSV");
  add_study_options(*trace_command, trace_options.study);
  add_path_options(*trace_command, trace_options);
  trace_command->callback([&] { status = trace(trace_options); });

  SimulateOptions simulate_options;
  auto* simulate_command =
      app.add_subcommand("simulate", "tell one path of one point as it goes, and what it came to");
  add_study_options(*simulate_command, simulate_options.study);
  add_path_options(*simulate_command, simulate_options);
  simulate_command
      ->add_option("-o,--output", simulate_options.output,
                   "write the path's series, for analysis/path.py")
      ->type_name("FILE.csv");
  simulate_command
      ->add_option("--every", simulate_options.every,
                   "steps from line to line; with -o from row to row of the series")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  simulate_command->callback([&] { status = simulate(simulate_options); });

  ShowOptions show_options;
  auto* show_command = app.add_subcommand("show", "print a results file as a table");
  show_command->add_option("file", show_options.file, "results file")
      ->required()
      ->type_name("FILE");
  show_command->add_option("--best", show_options.best, "sort by this metric, best first")
      ->type_name("METRIC");
  show_command->add_flag("--csv", show_options.csv, "everything, as comma-separated values");
  show_command->add_option("--rows", show_options.rows, "rows to print at most")
      ->check(CLI::PositiveNumber)
      ->capture_default_str()
      ->type_name("N");
  show_command->callback([&] { status = show(show_options); });

  std::string digest_file;
  auto* digest_command = app.add_subcommand("digest", "print one hash over all results");
  digest_command->add_option("file", digest_file, "results file")->required()->type_name("FILE");
  digest_command->callback([&] { status = print_digest(digest_file); });

  std::string parameter;
  auto* describe_command = app.add_subcommand("describe", "list the parameters, or explain one");
  describe_command->add_option("parameter", parameter, "such as gamma or strategy.gamma")
      ->type_name("PARAMETER");
  describe_command->callback([&] { status = describe(parameter); });

  app.add_subcommand("schema", "print the JSON Schema of a study, for editors")->callback([&] {
    status = print_schema();
  });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Ranks above 0 would say the same. If one of them failed, mpirun would end rank 0, perhaps
    // before it has spoken; so they leave the job's exit status to it.
    if (announced_rank() != 0) return exit_complete;
    return app.exit(error) == 0 ? exit_complete : exit_bad_usage;
  }
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return dispatch(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "quotesweep: {}\n", error.what());
    return exit_bad_usage;
  }
}
