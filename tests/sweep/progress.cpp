#include "sweep/progress.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "sweep/hash_fold.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

const HashFold fold;

TaskResult failure(const Task& task, const std::string& why = "no luck") {
  return {task, 1.0, {}, why};
}

void require_whole(const Progress& progress) {
  for (std::uint64_t point = 0; point < progress.size(); ++point) {
    REQUIRE(progress.complete(point));
    REQUIRE(progress[point].state == folded_state(point, progress.blocks()));
    REQUIRE(progress[point].waiting.empty());
  }
  REQUIRE(progress.taken() == progress.size() * progress.blocks());
}

}  // namespace

TEST_CASE("any cut into tasks and any order of arrival give the same bits", "[sweep]") {
  std::mt19937_64 random(1);
  for (int round = 0; round < 300; ++round) {
    const auto tiling = random_tiling(random);
    auto tasks = random_tasks(tiling, random);
    std::shuffle(tasks.begin(), tasks.end(), random);
    Progress progress(tiling.points, tiling.blocks, fold);
    for (const auto& task : tasks) progress.take(result_of(task));
    require_whole(progress);
  }
}

TEST_CASE("a result that comes twice, or overlaps another, changes nothing", "[sweep]") {
  std::mt19937_64 random(2);
  for (int round = 0; round < 300; ++round) {
    auto tiling = random_tiling(random);
    auto tasks = random_tasks(tiling, random);
    const auto again = tasks;
    tiling.tile_points = between(random, 1, 20);
    const auto other = random_tasks(tiling, random);
    for (const auto* more : {&again, &other}) tasks.insert(tasks.end(), more->begin(), more->end());
    std::shuffle(tasks.begin(), tasks.end(), random);
    Progress progress(tiling.points, tiling.blocks, fold);
    for (const auto& task : tasks) {
      progress.take(result_of(task));
      REQUIRE(progress.taken() <= tiling.points * tiling.blocks);
    }
    require_whole(progress);
    progress.take_changed();
    for (const auto& task : again) progress.take(result_of(task));
    REQUIRE(progress.take_changed().empty());
  }
}

TEST_CASE("a later block waits until those before it have come", "[sweep]") {
  Progress progress(1, 3, fold);
  progress.take(result_of({0, 1, 2, 1}));
  CHECK(progress[0].blocks_done == 0);
  CHECK(progress[0].state.empty());
  CHECK(progress.taken() == 1);
  progress.take(result_of({0, 1, 0, 1}));
  CHECK(progress[0].blocks_done == 1);
  CHECK(progress[0].state == folded_state(0, 1));
  progress.take(result_of({0, 1, 1, 1}));
  CHECK(progress[0].blocks_done == 3);
  require_whole(progress);
}

TEST_CASE("a failed task fails its points and no others", "[sweep]") {
  Progress progress(6, 2, fold);
  progress.take(result_of({0, 6, 0, 1}));
  progress.take(failure({2, 2, 1, 1}));
  progress.take(result_of({4, 2, 1, 1}));
  progress.take(result_of({0, 2, 1, 1}));
  for (const std::uint64_t point : {0, 1, 4, 5}) {
    CHECK_FALSE(progress[point].failed());
    CHECK(progress[point].state == folded_state(point, 2));
  }
  for (const std::uint64_t point : {2, 3}) {
    CHECK(progress[point].error == "no luck");
    CHECK_FALSE(progress.complete(point));
    CHECK(progress[point].state.empty());
  }
  CHECK(progress.failed_count() == 2);
  CHECK(progress.taken() == 12);
}

TEST_CASE("what comes in for a failed point is ignored, a second failure too", "[sweep]") {
  Progress progress(2, 2, fold);
  progress.take(failure({0, 2, 1, 1}, "the first"));
  progress.take_changed();
  progress.take(result_of({0, 2, 0, 2}));
  progress.take(failure({0, 2, 0, 1}, "the second"));
  CHECK(progress[0].error == "the first");
  CHECK(progress[0].blocks_done == 0);
  CHECK(progress.failed_count() == 2);
  CHECK(progress.take_changed().empty());
}

TEST_CASE("a failure for blocks that are there already is ignored", "[sweep]") {
  Progress progress(1, 4, fold);
  progress.take(result_of({0, 1, 0, 2}));
  progress.take(result_of({0, 1, 3, 1}));
  progress.take(failure({0, 1, 0, 2}));
  progress.take(failure({0, 1, 3, 1}));
  CHECK_FALSE(progress[0].failed());
  progress.take(result_of({0, 1, 2, 1}));
  progress.take(failure({0, 1, 2, 1}));
  require_whole(progress);
}

TEST_CASE("results that do not fit the sweep are refused and leave it alone", "[sweep]") {
  Progress progress(4, 3, fold);
  constexpr std::uint64_t huge = ~std::uint64_t{0};
  for (const Task& task : {Task{3, 2, 0, 1}, Task{0, 1, 2, 2}, Task{huge, 2, 0, 1},
                           Task{0, 1, huge, 2}, Task{0, 0, 0, 1}, Task{0, 1, 0, 0}})
    CHECK_THROWS_AS(progress.take(TaskResult{task, 1.0, {}, "wrong"}), Error);
  auto result = result_of({0, 2, 1, 2});
  result.states.pop_back();
  CHECK_THROWS_WITH(progress.take(result), "a task result holds 7 numbers (must be 8)");
  result.states.resize(9);
  CHECK_THROWS_AS(progress.take(result), Error);
  CHECK(progress.taken() == 0);
  CHECK(progress.failed_count() == 0);
  CHECK(progress.take_changed().empty());
}

TEST_CASE("changed points are told once, ascending, and a freed state stays complete", "[sweep]") {
  Progress progress(5, 1, fold);
  progress.take(result_of({3, 2, 0, 1}, 4.0));
  progress.take(result_of({1, 1, 0, 1}));
  CHECK(progress.take_changed() == std::vector<std::uint64_t>{1, 3, 4});
  CHECK(progress.take_changed().empty());
  CHECK(progress[3].seconds == 2.0);
  progress.release(3);
  CHECK(progress[3].state.empty());
  progress.take(result_of({3, 1, 0, 1}));
  CHECK(progress.complete(3));
  CHECK(progress[3].state.empty());
}
