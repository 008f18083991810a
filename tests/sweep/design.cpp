#include "sweep/design.hpp"

#include <catch2/catch.hpp>
#include <set>

using namespace quotesweep;
using Values = std::vector<double>;

TEST_CASE("a grid has every combination once, the last axis fastest", "[sweep]") {
  const Design grid{DesignKind::grid, {{"a", {1, 2}}, {"b", {3}}, {"c", {4, 5, 6}}}};
  REQUIRE(grid.size() == 6);
  CHECK(grid.shape() == std::vector<std::uint64_t>{2, 1, 3});
  std::uint64_t index = 0;
  for (const double a : {1, 2})
    for (const double c : {4, 5, 6}) CHECK(grid.point(index++) == Values{a, 3, c});
}

TEST_CASE("a list takes its axes together, value by value", "[sweep]") {
  const Design list{DesignKind::list, {{"a", {3, 1, 2}}, {"b", {6, 5, 4}}}};
  REQUIRE(list.size() == 3);
  CHECK(list.shape() == std::vector<std::uint64_t>{3});
  CHECK(list.point(0) == Values{3, 6});
  CHECK(list.point(1) == Values{1, 5});
  CHECK(list.point(2) == Values{2, 4});
}

TEST_CASE("a design without axes is one point", "[sweep]") {
  for (const auto kind : {DesignKind::grid, DesignKind::list}) {
    const Design design{kind, {}};
    CHECK(design.size() == 1);
    CHECK(design.shape() == std::vector<std::uint64_t>{1});
    CHECK(design.point(0).empty());
  }
}

TEST_CASE("spaced values begin and end exactly where asked", "[sweep]") {
  for (const auto& [first, last] : {std::pair{0.1, 1.0 / 3.0}, {0.7, 0.03}, {1e-9, 1e9}}) {
    for (const std::uint64_t count : {2, 3, 7, 100}) {
      for (const auto& values :
           {linear_values(first, last, count), log_values(first, last, count)}) {
        REQUIRE(values.size() == count);
        CHECK(values.front() == first);
        CHECK(values.back() == last);
        const auto order = [up = first < last](double a, double b) { return up ? a >= b : a <= b; };
        CHECK(std::adjacent_find(values.begin(), values.end(), order) == values.end());
      }
    }
  }
}

TEST_CASE("a count of one gives the first value", "[sweep]") {
  CHECK(linear_values(2, 7, 1) == Values{2});
  CHECK(log_values(2, 7, 1) == Values{2});
}

TEST_CASE("spaced values are the decimal numbers that a user would write", "[sweep]") {
  CHECK(linear_values(0, 1, 11) == Values{0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1});
  CHECK(linear_values(0.3, -0.3, 7) == Values{0.3, 0.2, 0.1, 0, -0.1, -0.2, -0.3});
  CHECK(log_values(0.001, 1000, 7) == Values{0.001, 0.01, 0.1, 1, 10, 100, 1000});
  CHECK(log_values(0.01, 1, 9)[4] == 0.1);
}

TEST_CASE("neighbours have equal differences on a line and equal ratios in the logarithm",
          "[sweep]") {
  const auto line = linear_values(3, 17, 12), log = log_values(0.02, 50, 12);
  for (std::size_t i = 1; i < 12; ++i) {
    CHECK(line[i] - line[i - 1] == Approx(14.0 / 11.0).epsilon(1e-10));
    CHECK(log[i] / log[i - 1] == Approx(std::pow(2500.0, 1.0 / 11.0)).epsilon(1e-10));
  }
}

TEST_CASE("every n-th points together are all points, each once, in order", "[sweep]") {
  const Design grid{DesignKind::grid, {{"a", {1, 2, 3}}, {"b", {3, 4, 5, 6}}}};
  for (const std::uint64_t count : {1, 2, 5, 12}) {
    std::uint64_t found = 0;
    for (std::uint64_t index = 0; index < count; ++index) {
      const Design part = every_nth(grid, index, count);
      CHECK(part.kind == DesignKind::list);
      for (std::uint64_t i = 0; i < part.size(); ++i, ++found)
        CHECK(part.point(i) == grid.point(index + i * count));
    }
    CHECK(found == grid.size());
  }
}
