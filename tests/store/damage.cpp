#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "store/digest.hpp"
#include "store/fixture.hpp"
#include "store/results_reader.hpp"
#include "store/seal.hpp"
#include "store/stored_states.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;
using Catch::Matchers::Contains;

namespace {

/// Whether byte `at` belongs to something that is overwritten.
bool in_data(const DataMap& map, std::size_t at) {
  for (const auto& place : map.all())
    if (at >= place.offset && at < place.offset + place.bytes) return true;
  return false;
}

}  // namespace

TEST_CASE("any change of what is never overwritten is found before HDF5 sees it", "[store]") {
  const Scratch scratch;
  write_file(scratch.path("good.h5"), grid_layout(), rows(0, 12));
  const auto good = read_bytes(scratch.path("good.h5"));
  const auto map = map_data(scratch.path("good.h5"));
  const auto path = scratch.path("bad.h5");
  std::size_t sealed = 0;
  for (std::size_t at = 0; at < good.size(); at += 7) {
    if (in_data(map, at)) continue;
    ++sealed;
    auto bad = good;
    bad[at] = static_cast<char>(bad[at] ^ (1 << at % 8));
    write_bytes(path, bad);
    CHECK_THROWS_AS(check_seal(path), Error);
  }
  CHECK(sealed > 1000);
  write_bytes(path, good);
  CHECK_NOTHROW(check_seal(path));
}

TEST_CASE("a file cut anywhere is refused", "[store]") {
  const Scratch scratch;
  write_file(scratch.path("good.h5"), grid_layout(), rows(0, 12));
  const auto good = read_bytes(scratch.path("good.h5"));
  for (std::size_t size = 0; size < good.size(); size += 101) {
    write_bytes(scratch.path("bad.h5"), good.substr(0, size));
    CHECK_THROWS_AS(ResultsReader(scratch.path("bad.h5")), Error);
  }
}

TEST_CASE("a changed result of a complete point is found, of whatever kind", "[store]") {
  const Scratch scratch;
  const auto path = scratch.path("grid.h5");
  write_file(path, grid_layout(), rows(0, 12));
  const auto good = read_bytes(path);
  const auto map = map_data(path);
  auto places = map.results;
  places.insert(places.end(), {map.paths, map.seconds, map.checks});
  for (const auto& place : places) {
    auto bad = good;
    bad[place.offset + 5 * 8 + 2] = static_cast<char>(bad[place.offset + 5 * 8 + 2] ^ 4);
    write_bytes(path, bad);
    const ResultsReader file(path);
    CHECK_NOTHROW(file.check_points(0, 5));
    CHECK_NOTHROW(file.check_points(6, 6));
    CHECK_THROWS_WITH(file.check_points(0, 12), Contains("point 5 are damaged"));
  }
}

TEST_CASE("a point's status is told once its data are on the disk", "[store]") {
  const Scratch scratch;
  const auto path = scratch.path("grid.h5");
  ResultsWriter writer(path, grid_layout());
  writer.write(rows(0, 12));
  CHECK(ResultsReader(path).read("status") == std::vector<double>(12, 0.0));
  CHECK(ResultsReader(path).read("pnl")[3] == row(3).results[0]);
  writer.sync();
  CHECK(ResultsReader(path).read("status") == std::vector<double>(12, 2.0));
}

TEST_CASE("a file that is deleted while it is written is put back", "[store]") {
  const Scratch scratch;
  const auto path = scratch.path("grid.h5");
  write_file(scratch.path("whole.h5"), grid_layout(), rows(0, 12));
  ResultsWriter writer(path, grid_layout());
  writer.write(rows(0, 5));
  std::filesystem::remove(path);
  writer.sync();
  writer.write(rows(5, 7));
  writer.sync();
  CHECK(digest(ResultsReader(path)) == digest(ResultsReader(scratch.path("whole.h5"))));
}

TEST_CASE("a file that another has replaced is saved beside it", "[store]") {
  const Scratch scratch;
  const auto path = scratch.path("grid.h5");
  ResultsWriter writer(path, grid_layout());
  writer.write(rows(0, 12));
  std::filesystem::remove(path);
  write_bytes(path, "precious");
  const auto saved = fmt::format("{}.rescued-{}", path, getpid());
  CHECK_THROWS_WITH(writer.sync(), Contains("was replaced") && Contains(saved));
  CHECK(read_bytes(path) == "precious");
  CHECK(ResultsReader(saved).read("status") == std::vector<double>(12, 2.0));
}
