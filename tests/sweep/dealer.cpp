#include "sweep/dealer.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "sweep/hash_fold.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

std::uint64_t rows_of(const Tiling& tiling, const Task& task) {
  return (task.point_count + tiling.tile_points - 1) / tiling.tile_points;
}

/// Whole rows of cells, or part of one.
void check_shape(const Tiling& tiling, const Task& task) {
  REQUIRE(task.first_point % tiling.tile_points == 0);
  const std::uint64_t end = task.first_point + task.point_count;
  REQUIRE((end % tiling.tile_points == 0 || end == tiling.points));
  const bool whole = task.first_block == 0 && task.block_count == tiling.blocks;
  REQUIRE((whole || rows_of(tiling, task) == 1));
}

}  // namespace

TEST_CASE("whatever the sizes asked for, every cell is dealt exactly once", "[sweep]") {
  std::mt19937_64 random(1);
  for (int round = 0; round < 500; ++round) {
    const auto tiling = random_tiling(random);
    const std::uint64_t most = between(random, 1, tiling.cells() + 2);
    std::vector<int> dealt(tiling.points * tiling.blocks);
    Dealer dealer(tiling);
    std::uint64_t left = tiling.cells();
    REQUIRE(dealer.remaining() == left);
    for (auto asked = between(random, 1, most); const auto task = dealer.next(asked);
         asked = between(random, 1, most)) {
      check_shape(tiling, *task);
      const std::uint64_t cells = rows_of(tiling, *task) * task->block_count;
      REQUIRE(cells >= 1);
      REQUIRE(cells <= asked);
      left -= cells;
      REQUIRE(dealer.remaining() == left);
      for (std::uint64_t p = 0; p < task->point_count; ++p)
        for (std::uint64_t b = 0; b < task->block_count; ++b)
          ++dealt.at((task->first_point + p) * tiling.blocks + task->first_block + b);
    }
    REQUIRE(left == 0);
    REQUIRE(std::ranges::count(dealt, 1) == static_cast<std::ptrdiff_t>(dealt.size()));
  }
}

TEST_CASE("a task grows along the blocks of its points before it takes more points", "[sweep]") {
  Dealer dealer({.points = 100, .blocks = 4, .tile_points = 10});
  CHECK(dealer.next(3) == Task{0, 10, 0, 3});
  CHECK(dealer.next(7) == Task{0, 10, 3, 1});
  CHECK(dealer.next(11) == Task{10, 20, 0, 4});
  CHECK(dealer.next(1000) == Task{30, 70, 0, 4});
  CHECK(dealer.next(1) == std::nullopt);
}

TEST_CASE("cells at the edge of the points are smaller, and counted so", "[sweep]") {
  const Tiling tiling{.points = 25, .blocks = 2, .tile_points = 10};
  CHECK(tiling.rows() == 3);
  CHECK(tiling.cells() == 6);
  Dealer dealer(tiling);
  CHECK(dealer.points_per_cell() == Approx(25.0 / 3.0));
  dealer.next(4);
  CHECK(dealer.next(9) == Task{20, 5, 0, 2});
}

TEST_CASE("tasks shrink towards the end and are never empty", "[sweep]") {
  for (const std::uint64_t workers : {1, 4, 1000}) {
    std::uint64_t remaining = 100'000, before = remaining, tasks = 0;
    while (remaining > 0) {
      const auto cells = task_cells(remaining, workers, 1e9);
      REQUIRE(cells >= 1);
      REQUIRE(cells <= before);
      REQUIRE(cells <= std::max<std::uint64_t>(1, remaining / workers));
      before = cells;
      remaining -= cells;
      ++tasks;
    }
    CHECK(before == 1);
    CHECK(tasks >= 10 * workers);  // enough to even out
    CHECK(tasks <= 60 * workers);  // not one message per cell
  }
}

TEST_CASE("no task takes longer than asked, as far as the rate tells", "[sweep]") {
  CHECK(task_cells(1'000'000, 1, 50.0, 2.0) == 100);
  CHECK(task_cells(1'000'000, 1, 0.3, 2.0) == 1);
  CHECK(task_cells(1'000'000, 1, 0.0) == 1);  // unknown
  CHECK(task_cells(1'000'000, 1, HUGE_VAL) == 333'333);
  CHECK(task_cells(5, 0, 1e9) == 1);
}
