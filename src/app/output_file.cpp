#include "app/output_file.hpp"

#include <algorithm>
#include <filesystem>

#include "app/file_layout.hpp"
#include "app/version.hpp"
#include "base/error.hpp"
#include "config/read_study.hpp"
#include "experiment/study_change.hpp"
#include "store/results_reader.hpp"
#include "store/stored_states.hpp"

namespace quotesweep {
namespace {

constexpr const char* unknown_failure = "failed in an earlier run";

PointProgress progress_of(const Study& study, StoredPoint stored) {
  PointProgress known;
  known.blocks_done = blocks_in_state(study, stored.state);
  known.seconds = known.blocks_done > 0 ? stored.seconds : 0.0;
  if (known.blocks_done > 0) known.state = std::move(stored.state);
  return known;
}

PointStatus status_of(const PointProgress& known, std::uint64_t blocks) {
  if (known.failed()) return PointStatus::failed;
  if (known.blocks_done == 0) return PointStatus::pending;
  return known.blocks_done == blocks ? PointStatus::complete : PointStatus::partial;
}

/// Calls `visit(point, generation, known, status)` with what a file knows of each of its points.
template <class Visit>
void visit_stored(const StoredStates& states, const std::string& path, const Study& study,
                  FailedPoints failed, Visit visit) {
  if (states.points() != study.design.size())
    throw Error("{}: has {} points (the study has {}); choose another file with -o", path,
                states.points(), study.design.size());
  const auto messages = states.failures();
  states.visit([&](std::uint64_t point, StoredPoint stored) {
    const auto status = stored.status;
    const auto generation = stored.generation;
    auto known = progress_of(study, std::move(stored));
    if (status == PointStatus::failed && failed == FailedPoints::keep) {
      const auto found = messages.find(point);
      known = {.error = found == messages.end() ? unknown_failure : found->second};
    }
    visit(point, generation, std::move(known), status);
  });
}

std::string version_news(const ResultsReader& file, const std::string& path) {
  const auto version = file.attribute("", "program_version"),
             commit = file.attribute("", "git_commit");
  if (version == program_version && commit == git_commit) return "";
  return fmt::format(
      "{}: was begun by quotesweep {} ({}), this is {} ({}): results may differ between points",
      path, version, commit, program_version, git_commit);
}

[[noreturn]] void fail_different(const std::string& path, const std::string& before,
                                 const Study& study) {
  std::string keys;
  for (const auto& difference : differences(before, resolved_text(study)))
    keys += fmt::format("\n  {} = {} there, {} here", difference.key,
                        difference.before.empty() ? "nothing" : difference.before,
                        difference.now.empty() ? "nothing" : difference.now);
  throw Error(
      "{}: holds a different study:{}\nReplace it with --fresh, or choose another name with -o.",
      path, keys);
}

/// The file that is there. Throws Error with advice where it is none of ours, or damaged.
ResultsReader read_existing(const std::string& path) {
  try {
    return ResultsReader(path);
  } catch (const Error& error) {
    throw Error(
        "{}. It was left as it is: replace it with --fresh, or choose another name with -o.",
        error.what());
  }
}

/// Throws Error where the file is of another shard than the study.
void check_shard(const ResultsReader& file, const std::string& path, const Shard& shard) {
  const auto mine = fmt::format("{}/{}", shard.index, shard.count);
  const auto there = file.attribute("", "shard");
  if (there != mine)
    throw Error("{}: is shard {} of its study (this is shard {}); choose another name with -o",
                path, there, mine);
}

/// The study that a file was made from.
Study study_of(const ResultsReader& file, const std::string& path, const Shard& shard) {
  auto study = shard_of(parse_study(file.attribute("", "study_yaml"), path), shard);
  if (resolved_text(study) != file.attribute("", "study_resolved"))
    throw Error(
        "{}: its study means something else to this version of quotesweep. Finish it with the "
        "version that made it ({}), or choose another name with -o.",
        path, file.attribute("", "program_version"));
  return study;
}

/// A new file with the points of the old one in their places, put where that stood.
void extend(std::unique_ptr<FileLock> lock, const Study& before, const Study& now,
            const std::vector<std::uint64_t>& places) {
  const std::string path = lock->path();
  const Experiment experiment(now, 1);
  ResultsWriter writer(std::move(lock), file_layout(now));
  std::vector<PointRow> rows;
  const auto flush = [&] {
    std::ranges::sort(rows, {}, &PointRow::point);
    writer.write(rows);
    rows.clear();
  };
  visit_points(path, before, [&](std::uint64_t point, const PointProgress& known) {
    if (known.blocks_done == 0 && !known.failed()) return;
    rows.push_back(point_row(experiment, places[point], known));
    if (rows.size() == 4096) flush();
  });
  flush();
  writer.publish();
}

/// Whether every point of a file has its last word.
bool is_finished(const std::vector<PointStatus>& status, FailedPoints failed) {
  return std::ranges::all_of(status, [&](PointStatus one) {
    return one == PointStatus::complete ||
           (one == PointStatus::failed && failed == FailedPoints::keep);
  });
}

/// Goes on with the file that is there, which is this study's.
OutputFile reopen(std::unique_ptr<FileLock> lock, const Study& study, FailedPoints failed) {
  const std::string path = lock->path();
  const StoredStates states(path);
  const auto status = states.status();
  OutputFile output{.start = OutputFile::Start::finished,
                    .has_failed_points = std::ranges::count(status, PointStatus::failed) > 0};
  if (is_finished(status, failed)) return output;
  output.start = OutputFile::Start::continued;
  std::vector<std::uint32_t> generations;
  visit_stored(states, path, study, failed,
               [&](std::uint64_t, std::uint32_t generation, PointProgress known, PointStatus told) {
                 generations.push_back(generation);
                 const auto now = status_of(known, study.blocks());
                 if (now == PointStatus::complete && told == now) known.state.clear();
                 output.points.push_back({std::move(known), now != told});
               });
  output.writer = std::make_unique<ResultsWriter>(std::move(lock), file_layout(study),
                                                  std::move(generations), states.failure_count());
  // What is tried again has not failed: its results may change from here on.
  for (std::uint64_t point = 0; point < status.size(); ++point)
    if (status[point] == PointStatus::failed && !output.points[point].progress.failed())
      output.writer->tell(point, status_of(output.points[point].progress, study.blocks()));
  output.writer->sync();
  return output;
}

}  // namespace

void visit_points(const std::string& path, const Study& study,
                  const std::function<void(std::uint64_t, const PointProgress&)>& visit) {
  visit_stored(StoredStates(path), path, study, FailedPoints::keep,
               [&](std::uint64_t point, std::uint32_t, const PointProgress& known, PointStatus) {
                 visit(point, known);
               });
}

PointRow point_row(const Experiment& experiment, std::uint64_t point, const PointProgress& known) {
  const Study& study = experiment.study();
  if (known.failed())
    return {.point = point, .status = PointStatus::failed, .message = known.error};
  return {.point = point,
          .status = status_of(known, study.blocks()),
          .paths_done = known.blocks_done * study.block,
          .seconds = known.seconds,
          .state = known.state,
          .results = experiment.results(point, known.state)};
}

OutputFile open_output(const Study& study, const OutputTerms& terms) {
  const std::string& path = study.output;
  std::error_code unknown;  // the writer will say it better
  if (std::filesystem::is_directory(path, unknown))
    throw Error("{}: is a folder (must be a file). Choose a file name with -o.", path);
  auto lock = std::make_unique<FileLock>(path);
  if (terms.fresh || !std::filesystem::exists(path, unknown)) {
    OutputFile output{.writer =
                          std::make_unique<ResultsWriter>(std::move(lock), file_layout(study))};
    output.writer->publish();
    return output;
  }
  std::string news, extended;
  {
    const ResultsReader file = read_existing(path);
    const auto before = file.attribute("", "study_resolved");
    news = version_news(file, path);
    check_shard(file, path, study.shard);
    check_same_tape(path, before, resolved_text(study));
    if (before != resolved_text(study)) {
      const Study old = study_of(file, path, study.shard);
      const auto places = extension(old, study);
      if (!places) fail_different(path, before, study);
      extend(std::move(lock), old, study, *places);
      extended = fmt::format("{}: extended from {} points x {} paths", path, old.design.size(),
                             old.blocks() * old.block);
      lock = std::make_unique<FileLock>(path);
    }
  }
  auto output = reopen(std::move(lock), study, terms.failed);
  output.news = news + (news.empty() || extended.empty() ? "" : "\n") + extended;
  return output;
}

}  // namespace quotesweep
