#include <fmt/format.h>
#include <omp.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <thread>

#include "app/check_output.hpp"
#include "app/commands.hpp"
#include "app/interrupt.hpp"
#include "app/output_file.hpp"
#include "app/replay_record.hpp"
#include "app/sweep_recorder.hpp"
#include "app/warnings.hpp"
#include "base/error.hpp"
#include "config/read_study.hpp"
#include "experiment/point_warnings.hpp"
#include "schedule/local_channel.hpp"
#include "schedule/mpi_channel.hpp"

namespace quotesweep {
namespace {

using Clock = std::chrono::steady_clock;

/// How long workers may take to end after the last result.
constexpr double farewell = 30.0;  // [s]

/// Threads of this rank: as asked, else OMP_NUM_THREADS, else the processors that the launcher left
/// to it; ranks that were not bound share the machine's.
int choose_threads(int asked, const MpiSession& session) {
  if (asked > 0) return asked;
  if (std::getenv("OMP_NUM_THREADS") != nullptr) return omp_get_max_threads();
  const int mine = omp_get_num_procs();
  const bool bound = mine < sysconf(_SC_NPROCESSORS_ONLN);
  return bound ? mine : std::max(1, mine / session.local_size());
}

Study read_part(const RunOptions& options) {
  Study study = read_study(options.study.study, options.study.overrides);
  if (options.output) study.output = *options.output;
  return shard_of(std::move(study), options.shard);
}

/// One run of rank 0, from an open file to the exit status.
class Lead {
 public:
  Lead(const RunOptions& options, const MpiSession& session, const Study& study, OutputFile& output,
       Clock::time_point start)
      : options_(options),
        session_(session),
        study_(study),
        output_(output),
        start_(start),
        log_(options.log_json ? LogStyle::json : LogStyle::text),
        experiment_(study, choose_threads(options.study.threads, session)),
        tiling_{study.design.size(), study.blocks(),
                static_cast<std::uint64_t>(options.tile_points)},
        progress_(tiling_.points, tiling_.blocks, experiment_) {}

  int run() {
    begin();
    LocalChannel local;
    std::unique_ptr<Channel> remote;
    std::vector<Channel*> channels{&local};
    if (session_.size() > 1) {
      remote = make_mpi_channel(session_);
      channels.push_back(remote.get());
    }
    SweepRecorder recorder(experiment_, *output_.writer, log_, options_.sync_interval);
    Dealer dealer(tiling_, progress_);
    const CoordinationTerms terms{.worker_timeout = options_.worker_timeout,
                                  .stop = [this] { return stop_asked(); }};
    std::jthread worker([&] { work(local, experiment_); });
    const auto end = coordinate(dealer, progress_, channels, recorder, terms);
    recorder.finish(progress_);
    int status = conclude(end);
    if (status == exit_complete && study_.shard.count == 1) record_points();
    if (end == SweepEnd::finished && warns() && options_.strict) status = exit_failed_points;
    const double patience = end == SweepEnd::finished ? farewell : 1.0;
    for (auto* channel : channels)
      if (!channel->wait_closed(patience)) leave(status);
    return status;
  }

 private:
  void begin() {
    for (std::uint64_t point = 0; point < output_.points.size(); ++point)
      progress_.restore(point, std::move(output_.points[point].progress),
                        output_.points[point].changed);
    output_.points = {};
    if (!output_.news.empty()) log_.note("note", output_.news);
    const auto cells = static_cast<double>(progress_.size() * progress_.blocks());
    log_.begin({.study = study_.name,
                .file = study_.output,
                .crew = fmt::format("{} rank{} x {} thread{}", session_.size(),
                                    session_.size() == 1 ? "" : "s", experiment_.threads(),
                                    experiment_.threads() == 1 ? "" : "s"),
                .points = tiling_.points,
                .work = count_work(study_),
                .done_before = static_cast<double>(progress_.restored()) / cells});
  }

  bool out_of_time() const {
    return options_.max_time > 0.0 &&
           Clock::now() - start_ > std::chrono::duration<double>(options_.max_time);
  }

  bool stop_asked() const { return *interrupted() != '\0' || out_of_time(); }

  int conclude(SweepEnd end) {
    std::uint64_t complete = 0, first_failed = 0;
    for (std::uint64_t point = progress_.size(); point-- > 0;) {
      if (progress_[point].failed()) first_failed = point;
      if (!progress_[point].failed() && progress_.complete(point)) ++complete;
    }
    const auto failed = progress_.failed_count();
    SweepLog::Ending ending{.outcome = end == SweepEnd::stopped ? "interrupted"
                                       : failed > 0             ? "failed_points"
                                                                : "complete",
                            .complete = complete,
                            .failed = failed,
                            .points = progress_.size(),
                            .share = static_cast<double>(progress_.taken()) /
                                     static_cast<double>(progress_.size() * progress_.blocks()),
                            .write_seconds = output_.writer->busy()};
    if (failed > 0)
      ending.text = fmt::format(
          "{} point{} failed, the first is point {}: {}. Try again with --retry-failed.", failed,
          failed == 1 ? "" : "s", first_failed, progress_[first_failed].error);
    if (end == SweepEnd::stopped)
      ending.text += fmt::format("{}stopped by {}; the same command continues",
                                 ending.text.empty() ? "" : "\n",
                                 *interrupted() != '\0' ? interrupted() : "--max-time");
    log_.end(ending);
    if (end == SweepEnd::stopped) return exit_interrupted;
    return failed > 0 ? exit_failed_points : exit_complete;
  }

  /// Tells what the finished file warns of, if anything.
  bool warns() {
    const auto lines = file_warnings(ResultsReader(study_.output));
    for (const auto& line : lines) log_.note("warning", "warning: " + line);
    return !lines.empty();
  }

  void record_points() {
    if (write_records(study_) == 0) return;
    log_.note("recorded", fmt::format("{} and its like; draw them with analysis/replay.py",
                                      record_files(study_.output, study_.record[0]).series));
  }

  /// Ends without those that do not answer; everything is on the disk.
  [[noreturn]] void leave(int status) {
    output_.writer.reset();
    session_.leave(status);
  }

  const RunOptions& options_;
  const MpiSession& session_;
  const Study& study_;
  OutputFile& output_;
  Clock::time_point start_;
  SweepLog log_;
  Experiment experiment_;
  Tiling tiling_;
  Progress progress_;
};

int say_finished(const Study& study, const OutputFile& output, bool strict) {
  if (!output.has_failed_points && study.shard.count == 1 && !has_records(study))
    write_records(study);
  fmt::print(stderr, "{}{}{}: is finished{}\n", output.news, output.news.empty() ? "" : "\n",
             study.output,
             output.has_failed_points ? ", with failed points; run them again with --retry-failed"
                                      : "; nothing to do (--fresh begins anew)");
  const auto lines = file_warnings(ResultsReader(study.output));
  for (const auto& line : lines) fmt::print(stderr, "warning: {}\n", line);
  return output.has_failed_points || (strict && !lines.empty()) ? exit_failed_points
                                                                : exit_complete;
}

/// The results file; what is wrong with it is told with the place that names it.
OutputFile open_named_output(const Study& study, const RunOptions& options) {
  try {
    check_output(study, options);
    return open_output(study, {.fresh = options.fresh, .failed = options.failed});
  } catch (const Error& error) {
    throw Error("{}{}", output_place(study, options), error.what());
  }
}

int lead(const RunOptions& options, const MpiSession& session, Clock::time_point start) {
  Study study;
  OutputFile output;
  try {
    study = read_part(options);
    if (options.strict) refuse_warnings(planned_warnings(study));
    output = open_named_output(study, options);
  } catch (...) {
    session.broadcast("");  // the others leave quietly
    throw;
  }
  const bool finished = output.start == OutputFile::Start::finished;
  session.broadcast(finished ? "" : study_hash(study) + "\n" + study.yaml);
  if (finished) return say_finished(study, output, options.strict);
  try {
    return Lead(options, session, study, output, start).run();
  } catch (const std::exception& error) {
    fmt::print(stderr, "quotesweep: {}\n", error.what());
    output.writer.reset();
    if (session.size() > 1) session.abort(exit_interrupted);
    return exit_interrupted;
  }
}

/// The study that rank 0 has sent, as its hash and text. Throws Error where it means something else
/// on this host.
Study read_sent(const std::string& sent, const RunOptions& options) {
  const auto end_of_hash = sent.find('\n');
  auto study =
      shard_of(parse_study(sent.substr(end_of_hash + 1), options.study.study), options.shard);
  if (study_hash(study) == sent.substr(0, end_of_hash)) return study;
  if (study.tape)
    throw Error("{} is not the tape that rank 0 reads; give all hosts the same file",
                study.tape_file);
  throw Error(
      "the study means something else here than on rank 0; start the same version of quotesweep on "
      "all hosts");
}

int follow(const RunOptions& options, const MpiSession& session) {
  follow_interrupts(session.coordinator());
  const auto text = session.broadcast("");
  if (text.empty()) return exit_complete;  // a failure would end rank 0 before it has said why
  try {
    Experiment experiment(read_sent(text, options), choose_threads(options.study.threads, session));
    const auto port = make_mpi_port(session, 3.0 * options.worker_timeout);
    work(*port, experiment);
  } catch (const std::exception& error) {
    fmt::print(stderr, "quotesweep: rank {}: {}\n", session.rank(), error.what());
    std::_Exit(exit_interrupted);  // MPI's own end would wait for the dead
  }
  return exit_complete;
}

}  // namespace

int run(const RunOptions& options) {
  const auto start = Clock::now();
  catch_interrupts();  // before MPI starts, which takes a while
  const MpiSession session;
  return session.rank() == 0 ? lead(options, session, start) : follow(options, session);
}

}  // namespace quotesweep
