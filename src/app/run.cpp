#include <fmt/format.h>
#include <omp.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <thread>

#include "app/commands.hpp"
#include "app/file_layout.hpp"
#include "app/sweep_recorder.hpp"
#include "base/error.hpp"
#include "config/read_study.hpp"
#include "schedule/local_channel.hpp"
#include "schedule/mpi_channel.hpp"

namespace quotesweep {
namespace {

/// Threads of this rank: as asked, else OMP_NUM_THREADS, else the processors that the launcher left
/// to it; ranks that were not bound share the machine's.
int choose_threads(int asked, const MpiSession& session) {
  if (asked > 0) return asked;
  if (std::getenv("OMP_NUM_THREADS") != nullptr) return omp_get_max_threads();
  const int mine = omp_get_num_procs();
  const bool bound = mine < sysconf(_SC_NPROCESSORS_ONLN);
  return bound ? mine : std::max(1, mine / session.local_size());
}

/// What rank 0 does before the others start: everything that can fail because of the user.
struct Prepared {
  Study study;
  std::unique_ptr<ResultsWriter> writer;
};

Prepared prepare(const RunOptions& options) {
  Prepared prepared{read_study(options.study.study, options.study.overrides), nullptr};
  if (!options.output.empty()) prepared.study.output = options.output;
  const auto& output = prepared.study.output;
  std::error_code unknown;  // the writer will say it better
  if (std::filesystem::is_directory(output, unknown))
    throw Error("{}: is a folder (must be a file). Choose a file name with -o.", output);
  if (std::filesystem::exists(output, unknown) && !options.fresh)
    throw Error("{}: exists already. Replace it with --fresh, or choose another name with -o.",
                output);
  prepared.writer = std::make_unique<ResultsWriter>(output, file_layout(prepared.study));
  return prepared;
}

int conclude(const Study& study, const Progress& progress, double seconds, double steps) {
  const auto failed = progress.failed_count();
  fmt::print(stderr, "{} of {} points complete in {} ({:.0f} M point-path-steps/s): {}\n",
             progress.size() - failed, progress.size(), duration_text(seconds),
             steps / seconds / 1e6, study.output);
  if (failed == 0) return exit_complete;
  for (std::uint64_t point = 0; point < progress.size(); ++point)
    if (progress[point].failed()) {
      fmt::print(stderr, "{} points failed, the first is point {}: {}\n", failed, point,
                 progress[point].error);
      break;
    }
  return exit_failed_points;
}

int coordinate_sweep(Prepared& prepared, const RunOptions& options, const MpiSession& session) {
  const Study& study = prepared.study;
  Experiment experiment(study, choose_threads(options.study.threads, session));
  const Tiling tiling{study.design.size(), study.blocks(),
                      static_cast<std::uint64_t>(options.tile_points)};
  Dealer dealer(tiling);
  Progress progress(tiling.points, tiling.blocks, experiment);
  const double steps = count_work(study).steps;
  const auto crew =
      fmt::format("{} rank{} x {} thread{}", session.size(), session.size() == 1 ? "" : "s",
                  experiment.threads(), experiment.threads() == 1 ? "" : "s");
  fmt::print(stderr, "{}: {} points x {} paths, {} -> {}\n", study.name, tiling.points,
             study.blocks() * study.block, crew, study.output);
  ProgressDisplay display(steps, crew);
  SweepRecorder recorder(experiment, *prepared.writer, display);
  LocalChannel local;
  std::unique_ptr<Channel> remote;
  std::vector<Channel*> channels{&local};
  if (session.size() > 1) {
    remote = make_mpi_channel(session);
    channels.push_back(remote.get());
  }
  {
    const std::jthread worker([&] { work(local, experiment); });
    coordinate(dealer, progress, channels, recorder);
  }
  recorder.finish(progress);
  return conclude(study, progress, display.finish(), steps);
}

int lead(const RunOptions& options, const MpiSession& session) {
  Prepared prepared;
  try {
    prepared = prepare(options);
  } catch (...) {
    session.broadcast("");  // the others leave quietly
    throw;
  }
  session.broadcast(prepared.study.yaml);
  try {
    return coordinate_sweep(prepared, options, session);
  } catch (const std::exception& error) {
    fmt::print(stderr, "quotesweep: {}\n", error.what());
    if (session.size() > 1) session.abort(exit_interrupted);
    return exit_interrupted;
  }
}

int follow(const RunOptions& options, const MpiSession& session) {
  const auto text = session.broadcast("");
  if (text.empty()) return exit_complete;  // a failure would end rank 0 before it has said why
  try {
    Experiment experiment(parse_study(text, options.study.study),
                          choose_threads(options.study.threads, session));
    work(*make_mpi_port(session), experiment);
  } catch (const std::exception& error) {
    fmt::print(stderr, "quotesweep: rank {}: {}\n", session.rank(), error.what());
    session.abort(exit_interrupted);  // the others would wait for this rank
  }
  return exit_complete;
}

}  // namespace

int run(const RunOptions& options) {
  const MpiSession session;
  return session.rank() == 0 ? lead(options, session) : follow(options, session);
}

}  // namespace quotesweep
