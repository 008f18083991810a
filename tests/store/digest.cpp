#include "store/digest.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <random>

#include "store/fixture.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

/// Digest of a file of this layout with these rows.
std::string digest_of(const Layout& layout, const std::vector<PointRow>& all) {
  const Scratch scratch;
  write_file(scratch.path("file.h5"), layout, all);
  return digest(ResultsReader(scratch.path("file.h5")));
}

std::string digest_with(const std::function<void(PointRow&)>& change) {
  auto all = rows(0, 12);
  change(all[5]);
  return digest_of(grid_layout(), all);
}

std::string digest_with_layout(const std::function<void(Layout&)>& change) {
  auto layout = grid_layout();
  change(layout);
  return digest_of(layout, rows(0, 12));
}

}  // namespace

TEST_CASE("any batches, orders and rewrites of the same rows give the same digest", "[store]") {
  const auto expected = digest_of(grid_layout(), rows(0, 12));
  std::mt19937 random(1);
  for (int round = 0; round < 30; ++round) {
    const Scratch scratch;
    ResultsWriter writer(scratch.path("file.h5"), grid_layout());
    std::vector<std::uint64_t> order{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 3, 4, 8};
    std::shuffle(order.begin(), order.end(), random);
    for (std::size_t first = 0; first < order.size(); first += 4) {
      std::sort(order.begin() + static_cast<long>(first),
                order.begin() + static_cast<long>(std::min(first + 4, order.size())));
      std::vector<PointRow> batch;
      for (std::size_t i = first; i < std::min(first + 4, order.size()); ++i)
        if (batch.empty() || batch.back().point != order[i]) batch.push_back(row(order[i]));
      writer.write(batch);
    }
    writer.sync();
    CHECK(digest(ResultsReader(scratch.path("file.h5"))) == expected);
  }
}

TEST_CASE("the digest changes with every result, count and status", "[store]") {
  const auto before = digest_of(grid_layout(), rows(0, 12));
  CHECK(before.size() == 64);
  CHECK(digest_with([](PointRow& r) { r.results[0] = std::nextafter(r.results[0], 9.0); }) !=
        before);
  CHECK(digest_with([](PointRow& r) { r.results[1] = std::nan(""); }) != before);
  CHECK(digest_with([](PointRow& r) { r.results[2] += 1; }) != before);
  CHECK(digest_with([](PointRow& r) { r.paths_done += 1; }) != before);
  CHECK(digest_with([](PointRow& r) { r.status = PointStatus::partial; }) != before);
  CHECK(digest_of(grid_layout(), rows(0, 11)) != before);
}

TEST_CASE("the digest changes with coordinates, names and shapes", "[store]") {
  const auto before = digest_of(grid_layout(), rows(0, 12));
  CHECK(digest_with_layout([](Layout& l) { l.dimensions[0].values[1] += 1e-9; }) != before);
  CHECK(digest_with_layout([](Layout& l) { l.dimensions[1].values[1] = 3; }) != before);
  CHECK(digest_with_layout([](Layout& l) { l.dimensions[0].name = "k"; }) != before);
  CHECK(digest_with_layout([](Layout& l) { l.results[0].name = "sharpe"; }) != before);
  CHECK(digest_with_layout([](Layout& l) { std::swap(l.dimensions[0], l.dimensions[1]); }) !=
        before);
  CHECK(digest_of(list_layout(), rows(0, 5)) != digest_with_layout([](Layout&) {}));
}

TEST_CASE("the digest leaves out timings, attributes, state and kinds of NaN", "[store]") {
  const auto before = digest_of(grid_layout(), rows(0, 12));
  CHECK(digest_with([](PointRow& r) { r.seconds = 1e6; }) == before);
  CHECK(digest_with([](PointRow& r) { r.state[1] = 1e6; }) == before);
  CHECK(digest_with_layout([](Layout& l) { l.attributes[1].value = "other"; }) == before);
  CHECK(digest_with_layout([](Layout& l) { l.results[0].attributes.clear(); }) == before);
  CHECK(digest_with([](PointRow& r) { r.results[1] = std::nan(""); }) ==
        digest_with([](PointRow& r) { r.results[1] = -std::nan("7"); }));
}
