#include <sys/stat.h>
#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "store/fixture.hpp"
#include "store/results_reader.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;
using Catch::Matchers::Contains;
using Names = std::vector<std::string>;
using Values = std::vector<double>;

TEST_CASE("a grid comes back as it was laid out and written", "[store]") {
  const Scratch scratch;
  write_file(scratch.path("grid.h5"), grid_layout(), rows(0, 12));
  const ResultsReader file(scratch.path("grid.h5"));
  CHECK(file.names() == Names{"gamma", "q_max", "pnl", "pnl_se", "undefined", "paths_done",
                              "status", "compute_seconds"});
  CHECK(file.dimensions() == Names{"gamma", "q_max"});
  CHECK(file.shape("pnl") == std::vector<std::uint64_t>{3, 4});
  CHECK(file.read("q_max") == Values{1, 2, 5, 10});
  CHECK(file.type("q_max") == ElementType::int64);
  CHECK(file.type("status") == ElementType::int8);
  CHECK(file.type("pnl") == ElementType::float64);
  CHECK(file.is_coordinate("gamma"));
  CHECK_FALSE(file.is_coordinate("pnl"));
  CHECK(file.attribute("", "title") == "a test");
  CHECK(file.attribute("pnl", "better") == "higher");
  CHECK(file.attribute("pnl", "nothing") == "");
  const auto pnl = file.read("pnl"), error = file.read("pnl_se"),
             undefined = file.read("undefined");
  for (std::uint64_t point = 0; point < 12; ++point) {
    CHECK(pnl[point] == row(point).results[0]);
    CHECK((point == 2 ? std::isnan(error[point]) : error[point] == row(point).results[1]));
    CHECK(undefined[point] == row(point).results[2]);
    CHECK(file.read("paths_done")[point] == 1024.0 * static_cast<double>(point + 1));
  }
  CHECK(file.read("status") == Values(12, 2.0));
  CHECK(file.read("compute_seconds") == Values(12, 0.5));
}

TEST_CASE("coordinates are told for every point, the last dimension fastest", "[store]") {
  const Scratch scratch;
  write_file(scratch.path("grid.h5"), grid_layout(), {});
  const ResultsReader grid(scratch.path("grid.h5"));
  CHECK(grid.point_values("gamma") ==
        Values{0.01, 0.01, 0.01, 0.01, 0.1, 0.1, 0.1, 0.1, 1, 1, 1, 1});
  CHECK(grid.point_values("q_max") == Values{1, 2, 5, 10, 1, 2, 5, 10, 1, 2, 5, 10});
  write_file(scratch.path("list.h5"), list_layout(), {});
  const ResultsReader list(scratch.path("list.h5"));
  CHECK(list.point_values("gamma") == Values{5, 4, 3, 2, 1});
  CHECK(list.point_values("k") == Values{0.5, 1.5, 0.5, 2.5, 0.5});
}

TEST_CASE("a list has one dimension and a coordinate per parameter", "[store]") {
  const Scratch scratch;
  write_file(scratch.path("list.h5"), list_layout(), rows(0, 5));
  const ResultsReader file(scratch.path("list.h5"));
  CHECK(file.dimensions() == Names{"point"});
  CHECK(file.shape("pnl") == std::vector<std::uint64_t>{5});
  CHECK(file.is_coordinate("k"));
  CHECK_FALSE(file.is_coordinate("point"));
  CHECK(file.attribute("pnl", "coordinates") == "gamma k");
  for (std::uint64_t point = 0; point < 5; ++point)
    CHECK(file.read("pnl")[point] == row(point).results[0]);
}

TEST_CASE("what was not written is NaN and pending, and readable while the writer works",
          "[store]") {
  const Scratch scratch;
  ResultsWriter writer(scratch.path("grid.h5"), grid_layout());
  const ResultsReader file(scratch.path("grid.h5"));
  const auto pending = [&](std::size_t point) {
    return std::isnan(file.read("pnl")[point]) && file.read("status")[point] == 0.0 &&
           file.read("undefined")[point] == 0.0 && file.read("paths_done")[point] == 0.0;
  };
  for (std::size_t point = 0; point < 12; ++point) CHECK(pending(point));
  writer.write(rows(4, 2));
  for (std::size_t point = 0; point < 12; ++point)
    CHECK(pending(point) == (point < 4 || point > 5));
}

TEST_CASE("a failed point has NaN for results, whatever it had before", "[store]") {
  const Scratch scratch;
  ResultsWriter writer(scratch.path("grid.h5"), grid_layout());
  writer.write(rows(0, 12));
  writer.write(std::vector{failed_row(3, "it broke")});
  writer.sync();
  const ResultsReader file(scratch.path("grid.h5"));
  CHECK(std::isnan(file.read("pnl")[3]));
  CHECK(file.read("undefined")[3] == 0.0);
  CHECK(file.read("paths_done")[3] == 0.0);
  CHECK(file.read("status")[3] == 3.0);
  CHECK(file.read("pnl")[4] == row(4).results[0]);
  CHECK(file.read("status")[2] == 2.0);
}

TEST_CASE("the writer makes no holes in the file and asks for no space later", "[store]") {
  const Scratch scratch;
  Layout layout = grid_layout();
  for (auto& dimension : layout.dimensions) dimension.values.assign(150, 1.0);
  ResultsWriter writer(scratch.path("grid.h5"), layout);
  const auto size = std::filesystem::file_size(scratch.path("grid.h5"));
  struct stat status = {};
  REQUIRE(stat(scratch.path("grid.h5").c_str(), &status) == 0);
  CHECK(size > 150 * 150 * 100);
  CHECK(static_cast<std::uint64_t>(status.st_blocks) * 512 >= size);
  writer.write(rows(0, 150 * 150));
  CHECK(std::filesystem::file_size(scratch.path("grid.h5")) == size);
}

TEST_CASE("a row that does not fit is refused, and nothing of its batch written", "[store]") {
  const Scratch scratch;
  ResultsWriter writer(scratch.path("grid.h5"), grid_layout());
  const auto before = read_bytes(scratch.path("grid.h5"));
  auto short_state = row(1), short_results = row(1);
  short_state.state.pop_back();
  short_results.results.pop_back();
  for (const auto& wrong : {row(12), short_state, short_results})
    CHECK_THROWS_WITH(writer.write(std::vector{row(0), wrong}), Contains("grid.h5"));
  CHECK(read_bytes(scratch.path("grid.h5")) == before);
}

TEST_CASE("a file that cannot be read is named, with what is wrong", "[store]") {
  const Scratch scratch;
  const auto check_refused = [&](const std::string& name, const std::string& why) {
    const auto path = scratch.path(name);
    CHECK_THROWS_WITH(ResultsReader(path),
                      Catch::Matchers::StartsWith(path + ": ") && Contains(why));
  };
  check_refused("missing.h5", "no such file");
  std::filesystem::create_directory(scratch.path("folder"));
  check_refused("folder", "is a folder");
  for (const auto* text : {"", "study: x\n"}) {
    write_bytes(scratch.path("text"), text);
    check_refused("text", "cannot be read as HDF5");
  }
  write_file(scratch.path("good.h5"), grid_layout(), rows(0, 12));
  CHECK_NOTHROW(ResultsReader(scratch.path("good.h5")));
  const auto whole = read_bytes(scratch.path("good.h5"));
  for (const std::size_t part : {std::size_t{100}, whole.size() / 2, whole.size() - 1}) {
    write_bytes(scratch.path("cut.h5"), whole.substr(0, part));
    check_refused("cut.h5", "damaged");
  }
}

TEST_CASE("files of another kind or a newer format are refused", "[store]") {
  const Scratch scratch;
  Layout layout = grid_layout();
  layout.attributes = {{"title", "no version"}};
  write_file(scratch.path("other.h5"), layout, {});
  CHECK_THROWS_WITH(ResultsReader(scratch.path("other.h5")),
                    Contains("other.h5") && Contains("not a quotesweep results file"));
  layout.attributes = {{"format_version", std::int64_t{format_version + 1}}};
  write_file(scratch.path("newer.h5"), layout, {});
  CHECK_THROWS_WITH(
      ResultsReader(scratch.path("newer.h5")),
      Contains("newer.h5") && Contains("format version 2 (this program reads up to 1)"));
}

TEST_CASE("a variable that is not there is named", "[store]") {
  const Scratch scratch;
  write_file(scratch.path("grid.h5"), grid_layout(), {});
  const ResultsReader file(scratch.path("grid.h5"));
  CHECK_THROWS_WITH(file.read("sharpe"), Contains("grid.h5") && Contains("'sharpe'"));
  CHECK_THROWS_WITH(file.shape("state"), Contains("state"));
}
