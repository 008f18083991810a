#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

#include "base/error.hpp"
#include "store/digest.hpp"
#include "store/fixture.hpp"
#include "store/results_reader.hpp"
#include "store/stored_states.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

std::vector<StoredPoint> stored_points(const std::string& path) {
  std::vector<StoredPoint> all;
  StoredStates(path).visit([&](std::uint64_t point, StoredPoint stored) {
    REQUIRE(point == all.size());
    all.push_back(std::move(stored));
  });
  return all;
}

/// A writer that goes on with a file.
std::unique_ptr<ResultsWriter> reopen(const std::string& path) {
  std::vector<std::uint32_t> generations;
  for (const auto& stored : stored_points(path)) generations.push_back(stored.generation);
  const auto failures = StoredStates(path).failure_count();
  return std::make_unique<ResultsWriter>(std::make_unique<FileLock>(path), grid_layout(),
                                         generations, failures);
}

}  // namespace

TEST_CASE("states come back with what else is known of a point", "[store]") {
  const Scratch scratch;
  const auto path = scratch.path("grid.h5");
  {
    ResultsWriter writer(path, grid_layout());
    writer.write(rows(0, 6, 1.0));
    writer.write(rows(2, 2, 2.0));
    writer.write(std::vector{failed_row(9, "it broke: badly")});
    writer.sync();
  }
  const auto all = stored_points(path);
  REQUIRE(all.size() == 12);
  for (std::uint64_t point = 0; point < 6; ++point) {
    const double version = point == 2 || point == 3 ? 2.0 : 1.0;
    CHECK(all[point].state == row(point, version).state);
    CHECK(all[point].generation == static_cast<std::uint32_t>(version));
    CHECK(all[point].seconds == row(point, version).seconds);
    CHECK(all[point].status == PointStatus::complete);
  }
  CHECK(all[7].generation == 0);
  CHECK(all[7].state.empty());
  CHECK(all[9].status == PointStatus::failed);
  CHECK(StoredStates(path).failures() ==
        std::map<std::uint64_t, std::string>{{9, "it broke: badly"}});
  CHECK(StoredStates(path).width() == 3);
}

TEST_CASE("a half-written state leaves the one before it", "[store]") {
  const Scratch scratch;
  const auto path = scratch.path("grid.h5");
  {
    ResultsWriter writer(path, grid_layout());
    writer.write(rows(0, 12, 1.0));
    writer.write(rows(4, 1, 2.0));
    writer.sync();
  }
  const auto map = map_data(path);
  auto bytes = read_bytes(path);
  bytes[map.slots[0].offset + 4 * 5 * 8 + 20] ^= 1;  // generation 2 of point 4
  write_bytes(path, bytes);
  const auto all = stored_points(path);
  CHECK(all[4].generation == 1);
  CHECK(all[4].state == row(4, 1.0).state);
}

TEST_CASE("a reopened file goes on as if it had never been closed", "[store]") {
  const Scratch scratch;
  const auto whole = scratch.path("whole.h5"), path = scratch.path("grid.h5");
  {
    ResultsWriter writer(whole, grid_layout());
    writer.write(rows(0, 5, 1.0));
    writer.write(std::vector{failed_row(7, "first")});
    writer.write(rows(3, 6, 2.0));
    writer.write(std::vector{failed_row(1, "second")});
    writer.sync();
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // no time stands in a file
  {
    ResultsWriter writer(path, grid_layout());
    writer.write(rows(0, 5, 1.0));
    writer.write(std::vector{failed_row(7, "first")});
    writer.sync();
  }
  {
    const auto writer = reopen(path);
    writer->write(rows(3, 6, 2.0));
    writer->write(std::vector{failed_row(1, "second")});
    writer->sync();
  }
  CHECK(read_bytes(path) == read_bytes(whole));
}

TEST_CASE("a file appears under its name only when it is published, with all it has", "[store]") {
  const Scratch scratch;
  const auto path = scratch.path("grid.h5");
  write_bytes(path + ".new-1234", "what a dead writer has left");
  {
    ResultsWriter writer(std::make_unique<FileLock>(path), grid_layout());
    writer.write(rows(0, 12));
    CHECK_FALSE(std::filesystem::exists(path));
    writer.publish();
    CHECK(ResultsReader(path).read("status") == std::vector<double>(12, 2.0));
  }
  CHECK(scratch.names() == std::vector<std::string>{"grid.h5"});
  { const ResultsWriter dropped(std::make_unique<FileLock>(path), list_layout()); }
  CHECK(ResultsReader(path).dimensions().size() == 2);
  CHECK(scratch.names() == std::vector<std::string>{"grid.h5"});
}
