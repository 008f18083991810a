#include "app/output_file.hpp"

#include <catch2/catch.hpp>

#include "app/file_layout.hpp"
#include "app/version.hpp"
#include "base/error.hpp"
#include "experiment/small_study.hpp"
#include "store/fixture.hpp"
#include "store/stored_states.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;
using Catch::Matchers::Contains;
using Start = OutputFile::Start;

namespace {

constexpr std::uint64_t points = 12, blocks = 5;

Study study_at(const std::string& path) {
  Study study = small_study();
  study.output = path;
  return study;
}

/// What is known of a point after some blocks.
PointProgress known_blocks(const Study& study, std::uint64_t point, std::uint64_t count) {
  Experiment experiment(study, 1);
  return {.blocks_done = count, .seconds = 1.5, .state = experiment.evaluate({point, 1, 0, count})};
}

/// Point 0 complete, 1 partial, 2 failed, 3 failed after it was partial; the rest not begun.
void write_mixed(const Study& study, const Layout& layout) {
  const Experiment experiment(study, 1);
  ResultsWriter writer(study.output, layout);
  writer.write(std::vector{point_row(experiment, 0, known_blocks(study, 0, blocks)),
                           point_row(experiment, 1, known_blocks(study, 1, 2)),
                           point_row(experiment, 2, {.error = "it broke"}),
                           point_row(experiment, 3, known_blocks(study, 3, 3))});
  writer.sync();
  writer.write(std::vector{point_row(experiment, 3, {.error = "and again"})});
  writer.sync();
}

}  // namespace

TEST_CASE("a file says what became of every point", "[app]") {
  const Scratch scratch;
  const auto study = study_at(scratch.path("out.h5"));
  write_mixed(study, file_layout(study));
  const auto output = open_output(study, {});
  REQUIRE(output.start == Start::continued);
  CHECK(output.has_failed_points);
  CHECK(output.news.empty());
  REQUIRE(output.points.size() == points);
  CHECK(output.points[0].progress.blocks_done == blocks);
  CHECK(output.points[0].progress.state.empty());  // stays in the file
  CHECK(output.points[1].progress.state == known_blocks(study, 1, 2).state);
  CHECK(output.points[1].progress.seconds == 1.5);
  CHECK(output.points[2].progress.error == "it broke");
  CHECK(output.points[3].progress.error == "and again");
  CHECK(output.points[4].progress.blocks_done == 0);
  for (const auto& point : output.points) CHECK_FALSE(point.changed);
}

TEST_CASE("a retry begins failed points again, from what they had", "[app]") {
  const Scratch scratch;
  const auto study = study_at(scratch.path("out.h5"));
  write_mixed(study, file_layout(study));
  const auto output = open_output(study, {.failed = FailedPoints::retry});
  for (const auto& point : output.points) CHECK_FALSE(point.progress.failed());
  CHECK(output.points[2].progress.blocks_done == 0);
  CHECK(output.points[3].progress.state == known_blocks(study, 3, 3).state);
}

TEST_CASE("a complete state whose status was not told yet is told by the next run", "[app]") {
  const Scratch scratch;
  const auto study = study_at(scratch.path("out.h5"));
  {
    const Experiment experiment(study, 1);
    ResultsWriter writer(study.output, file_layout(study));
    writer.write(std::vector{point_row(experiment, 0, known_blocks(study, 0, blocks))});
  }  // killed before it was synced
  const auto output = open_output(study, {});
  CHECK(output.points[0].changed);
  CHECK(output.points[0].progress.state == known_blocks(study, 0, blocks).state);
  CHECK_FALSE(output.points[1].changed);
}

TEST_CASE("a file whose points are all complete or failed is finished, except for a retry",
          "[app]") {
  const Scratch scratch;
  const auto study = study_at(scratch.path("out.h5"));
  const Experiment experiment(study, 1);
  {
    ResultsWriter writer(study.output, file_layout(study));
    std::vector<PointRow> all;
    for (std::uint64_t point = 0; point < points; ++point)
      all.push_back(point_row(
          experiment, point,
          point == 7 ? PointProgress{.error = "no luck"} : known_blocks(study, point, blocks)));
    writer.write(all);
    writer.sync();
  }
  const auto kept = open_output(study, {});
  CHECK(kept.start == Start::finished);
  CHECK(kept.has_failed_points);
  CHECK(kept.writer == nullptr);
  CHECK(open_output(study, {.failed = FailedPoints::retry}).start == Start::continued);
}

TEST_CASE("an extended file has the old points, failed ones too, at their new places", "[app]") {
  const Scratch scratch;
  auto study = study_at(scratch.path("out.h5"));
  study.yaml =
      "market: {dt: 0.05}\nsweep: {gamma: [0.05, 0.1, 0.5], q_max: [1, 2, 3, 5]}\n"
      "paths: 320\nblock: 64\n";
  write_mixed(study, file_layout(study));
  auto larger = study;
  larger.design.axes[1].values = {1, 2, 3, 4, 5};
  larger.paths = 7 * 64;
  const auto output = open_output(larger, {});
  CHECK_THAT(output.news, Contains("extended from 12 points x 320 paths"));
  REQUIRE(output.points.size() == 15);
  CHECK(output.points[0].progress.state == known_blocks(study, 0, blocks).state);
  CHECK(output.points[1].progress.blocks_done == 2);
  CHECK(output.points[2].progress.error == "it broke");
  CHECK(output.points[3].progress.blocks_done == 0);  // the new value 4
  CHECK(output.points[4].progress.error == "and again");
}

TEST_CASE("a file that another version has begun is gone on with, and the user is told", "[app]") {
  const Scratch scratch;
  const auto study = study_at(scratch.path("out.h5"));
  auto layout = file_layout(study);
  for (auto& attribute : layout.attributes)
    if (attribute.name == "program_version") attribute.value = std::string("0.0.9");
  write_mixed(study, layout);
  const auto output = open_output(study, {});
  CHECK(output.start == Start::continued);
  CHECK_THAT(output.news, Contains("was begun by quotesweep 0.0.9 (") &&
                              Contains(program_version) &&
                              Contains("results may differ between points"));
}
