#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <exception>

#include "app/commands.hpp"
#include "app/version.hpp"

namespace {

using namespace quotesweep;

constexpr const char* examples = R"(Examples:
  quotesweep plan sweeps/quickstart.yaml                what it would cost
  quotesweep run sweeps/quickstart.yaml --fresh         on this machine, all cores
  mpirun -n 4 quotesweep run sweeps/quickstart.yaml     four ranks
  quotesweep run my.yaml --set paths=1e6 --set 'sweep.gamma=[0.1, 0.2]' -o fine.h5
  quotesweep show quickstart.h5 --best sharpe           as a table, best first
  quotesweep show quickstart.h5 --csv > all.csv
  quotesweep describe gamma                             unit, range, default, meaning
Exit status: 0 complete, 1 failed points, 2 bad usage or bad study, 3 interrupted but resumable.)";

void add_study_options(CLI::App& command, StudyOptions& options) {
  command.add_option("study", options.study, "study in YAML")->required()->type_name("STUDY.yaml");
  command
      .add_option("--set", options.overrides,
                  "change any key of the study, such as paths=1e6 or 'sweep.gamma=[0.1, 0.2]'")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  command
      .add_option("--threads", options.threads, "threads per rank (default: all that it may use)")
      ->check(CLI::Range(1, 4096))
      ->type_name("N");
}

int dispatch(int argc, char** argv) {
  CLI::App app{"quotesweep: how a market-making strategy's results depend on its parameters"};
  app.set_version_flag("--version", fmt::format("quotesweep {} ({})", program_version, git_commit));
  app.require_subcommand(1);
  app.footer(examples);
  int status = exit_complete;

  RunOptions run_options;
  auto* run_command = app.add_subcommand("run", "run a study, alone or under mpirun");
  add_study_options(*run_command, run_options.study);
  run_command->add_option("-o,--output", run_options.output, "results file (beats the study's)")
      ->type_name("FILE");
  run_command->add_flag("--fresh", run_options.fresh, "replace an existing results file");
  run_command
      ->add_option("--tile-points", run_options.tile_points,
                   "points that share random draws in a task; speed only")
      ->check(CLI::Range(1, 1 << 20))
      ->type_name("N");
  run_command->callback([&] { status = run(run_options); });

  StudyOptions plan_options;
  auto* plan_command =
      app.add_subcommand("plan", "say what a study would cost; runs nothing of it");
  add_study_options(*plan_command, plan_options);
  plan_command->callback([&] { status = plan(plan_options); });

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
