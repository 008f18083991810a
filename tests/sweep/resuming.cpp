#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "sweep/dealer.hpp"
#include "sweep/hash_fold.hpp"
#include "sweep/progress.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

const HashFold fold;

PointProgress known_blocks(std::uint64_t point, std::uint64_t blocks) {
  PointProgress known{.blocks_done = blocks};
  if (blocks > 0) known.state = folded_state(point, blocks);
  return known;
}

/// What an earlier run may have left: points not begun, partial, complete or failed, in runs.
Progress random_progress(const Tiling& tiling, std::mt19937_64& random) {
  Progress progress(tiling.points, tiling.blocks, fold);
  for (std::uint64_t point = 0; point < tiling.points;) {
    const std::uint64_t end = std::min(tiling.points, point + between(random, 1, 15));
    const std::uint64_t blocks = between(random, 0, tiling.blocks);
    const bool failed = between(random, 0, 4) == 0;
    for (; point < end; ++point)
      progress.restore(
          point, failed ? PointProgress{.error = "no luck"} : known_blocks(point, blocks), false);
  }
  return progress;
}

using Cells = std::map<std::pair<std::uint64_t, std::uint64_t>, int>;

void count(Cells& cells, const Task& task) {
  for (std::uint64_t p = 0; p < task.point_count; ++p)
    for (std::uint64_t b = 0; b < task.block_count; ++b)
      ++cells[{task.first_point + p, task.first_block + b}];
}

Cells open_cells(const Tiling& tiling, const Progress& progress) {
  Cells cells;
  for (std::uint64_t point = 0; point < tiling.points; ++point)
    for (std::uint64_t b = progress[point].blocks_done;
         b < tiling.blocks && !progress[point].failed(); ++b)
      cells[{point, b}] = 1;
  return cells;
}

}  // namespace

TEST_CASE("whatever is known, every open cell is dealt exactly once, and no other", "[sweep]") {
  std::mt19937_64 random(3);
  for (int round = 0; round < 500; ++round) {
    const auto tiling = random_tiling(random);
    const auto progress = random_progress(tiling, random);
    Dealer dealer(tiling, progress);
    Cells dealt;
    while (const auto task = dealer.next(between(random, 1, tiling.cells() + 2)))
      count(dealt, *task);
    REQUIRE(dealt == open_cells(tiling, progress));
    REQUIRE(dealer.remaining() == 0);
  }
}

TEST_CASE("tasks that are put back are dealt again, whatever comes in between", "[sweep]") {
  std::mt19937_64 random(4);
  for (int round = 0; round < 500; ++round) {
    const auto tiling = random_tiling(random);
    auto progress = random_progress(tiling, random);
    Dealer dealer(tiling, progress);
    while (const auto task = dealer.next(between(random, 1, tiling.cells() + 2))) {
      if (between(random, 0, 2) == 0)
        dealer.put_back(*task);
      else
        progress.take(result_of(*task));
    }
    REQUIRE(dealer.remaining() == 0);
    REQUIRE(progress.finished());
    for (std::uint64_t point = 0; point < tiling.points; ++point)
      if (!progress[point].failed())
        REQUIRE(progress[point].state == folded_state(point, tiling.blocks));
  }
}

TEST_CASE("a dealer of everything known has nothing, and one of nothing known has all", "[sweep]") {
  const Tiling tiling{.points = 25, .blocks = 3, .tile_points = 10};
  Progress progress(25, 3, fold);
  CHECK(Dealer(tiling, progress).remaining() == tiling.cells());
  CHECK(Dealer(tiling, progress).points_per_cell() == Dealer(tiling).points_per_cell());
  for (std::uint64_t point = 0; point < 25; ++point)
    progress.restore(point, known_blocks(point, 3), false);
  CHECK(Dealer(tiling, progress).remaining() == 0);
  CHECK(Dealer(tiling, progress).next(1) == std::nullopt);
}

TEST_CASE("restored points count as done with, and changed only where they are", "[sweep]") {
  Progress progress(5, 4, fold);
  progress.restore(0, known_blocks(0, 4), false);
  progress.restore(1, known_blocks(1, 3), true);
  progress.restore(2, PointProgress{.error = "no luck"}, false);
  progress.restore(3, {.blocks_done = 4}, false);  // complete; its state stays in the file
  CHECK(progress.taken() == 15);
  CHECK(progress.restored() == 15);
  CHECK(progress.failed_count() == 1);
  CHECK(progress.take_changed() == std::vector<std::uint64_t>{1});
  CHECK_FALSE(progress.finished());
  progress.take(result_of({1, 1, 3, 1}));
  progress.take(result_of({4, 1, 0, 4}));
  CHECK(progress.finished());
  CHECK(progress.restored() == 15);
  CHECK(progress[1].state == folded_state(1, 4));
}

TEST_CASE("a task is covered when each of its points has all its blocks or has failed", "[sweep]") {
  Progress progress(4, 4, fold);
  progress.restore(0, known_blocks(0, 2), false);
  progress.restore(1, PointProgress{.error = "no luck"}, false);
  CHECK(progress.covers({0, 2, 0, 2}));
  CHECK_FALSE(progress.covers({0, 2, 0, 3}));
  CHECK_FALSE(progress.covers({0, 3, 0, 1}));
  progress.take(result_of({0, 1, 3, 1}));  // waits for block 2
  CHECK(progress.covers({0, 1, 3, 1}));
  CHECK_FALSE(progress.covers({0, 1, 2, 2}));
}
