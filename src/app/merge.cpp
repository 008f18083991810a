#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "app/commands.hpp"
#include "app/file_layout.hpp"
#include "app/output_file.hpp"
#include "base/error.hpp"
#include "config/read_study.hpp"
#include "experiment/study_change.hpp"
#include "store/results_reader.hpp"

namespace quotesweep {
namespace {

/// A shard's file and what it says of itself.
struct ShardFile {
  std::string path;
  Study study;  // its own points
};

Shard read_shard(const ResultsReader& file, const std::string& path) {
  Shard shard;
  const auto text = file.attribute("", "shard");
  if (std::sscanf(text.c_str(), "%lu/%lu", &shard.index, &shard.count) != 2 || shard.count == 0)
    throw Error("{}: has no attribute 'shard'; it is no results file of this version", path);
  return shard;
}

/// The whole study that a shard is of.
Study whole_study(const ResultsReader& file, const std::string& path) {
  return parse_study(file.attribute("", "study_yaml"), path);
}

/// Opens a shard and checks that it belongs to `whole`.
ShardFile read_shard_file(const std::string& path, const Study& whole) {
  const ResultsReader file(path);
  const Study its = whole_study(file, path);
  if (resolved_text(its) != resolved_text(whole))
    throw Error("{}: is of another study than the first file (see their attributes study_yaml)",
                path);
  check_same_tape(path, file.attribute("", "study_resolved"), resolved_text(its));
  ShardFile shard{path, shard_of(its, read_shard(file, path))};
  if (resolved_text(shard.study) != file.attribute("", "study_resolved"))
    throw Error(
        "{}: its study means something else to this version of quotesweep; merge with the version "
        "that made it ({})",
        path, file.attribute("", "program_version"));
  return shard;
}

std::vector<ShardFile> read_shards(const std::vector<std::string>& paths, const Study& whole) {
  std::vector<ShardFile> shards;
  std::set<std::uint64_t> seen;
  for (const auto& path : paths) {
    shards.push_back(read_shard_file(path, whole));
    const auto& shard = shards.back().study.shard;
    if (shard.count != shards.front().study.shard.count)
      throw Error("{}: is shard {}/{}, but {} is of {} shards", path, shard.index, shard.count,
                  shards.front().path, shards.front().study.shard.count);
    if (!seen.insert(shard.index).second)
      throw Error("{}: shard {}/{} is there twice; give each once", path, shard.index, shard.count);
  }
  return shards;
}

}  // namespace

int merge(const MergeOptions& options) {
  if (std::filesystem::exists(options.output) && !options.fresh)
    throw Error("{}: exists already. Replace it with --fresh, or choose another name with -o.",
                options.output);
  Study whole;
  {
    const ResultsReader first(options.shards.front());
    whole = whole_study(first, options.shards.front());
  }
  whole.output = options.output;
  const auto shards = read_shards(options.shards, whole);
  const Experiment experiment(whole, 1);
  ResultsWriter writer(std::make_unique<FileLock>(options.output), file_layout(whole));
  std::uint64_t complete = 0, failed = 0;
  for (const auto& shard : shards) {
    visit_points(shard.path, shard.study, [&](std::uint64_t point, const PointProgress& known) {
      if (known.blocks_done == 0 && !known.failed()) return;
      const std::uint64_t number = shard.study.shard.index + point * shard.study.shard.count;
      const auto row = point_row(experiment, number, known);
      complete += row.status == PointStatus::complete ? 1 : 0;
      failed += row.status == PointStatus::failed ? 1 : 0;
      writer.write({&row, 1});
    });
  }
  writer.publish();
  const std::uint64_t points = whole.design.size();
  fmt::print(stderr, "{} of {} shards: {} of {} points complete: {}\n", shards.size(),
             shards.front().study.shard.count, complete, points, options.output);
  if (complete + failed < points) {
    fmt::print(stderr, "the rest can be run with: quotesweep run STUDY.yaml -o {}\n",
               options.output);
    return exit_interrupted;
  }
  return failed > 0 ? exit_failed_points : exit_complete;
}

}  // namespace quotesweep
