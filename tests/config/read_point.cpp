#include "config/read_point.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "base/error.hpp"

using namespace quotesweep;
using Catch::Matchers::Contains;

namespace {

using Overrides = std::vector<std::string>;

constexpr const char* grid = R"(sweep:
  gamma: {log: [0.01, 1], points: 7}
  q_max: [1, 3, 10]
)";
constexpr const char* list = R"(sweep:
  - {gamma: 0.1, k: 1}
  - {gamma: 0.1, k: 2}
  - {gamma: 0.5, k: 1}
)";

/// A study file that is there as long as the object.
class StudyFile {
 public:
  explicit StudyFile(const std::string& text)
      : path_(std::filesystem::temp_directory_path() /
              fmt::format("quotesweep_read_point_{}.yaml", getpid())) {
    std::ofstream(path_) << text;
  }
  ~StudyFile() { std::filesystem::remove(path_); }
  StudyFile(const StudyFile&) = delete;
  StudyFile& operator=(const StudyFile&) = delete;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

ChosenPoint choose(const std::string& text, const Overrides& overrides,
                   std::optional<std::uint64_t> number = std::nullopt) {
  const StudyFile file(text);
  return read_point(file.path(), overrides, number);
}

}  // namespace

TEST_CASE("a study without a sweep has one point", "[config]") {
  CHECK(choose("paths: 10", {}).point == 0);
  CHECK(choose("sweep: {gamma: [0.3]}", {}).point == 0);
  CHECK(choose("paths: 10", {"gamma=0.7"}).study.scenario.strategy.gamma == 0.7);
}

TEST_CASE("a number chooses that point and no more points than there are", "[config]") {
  for (const std::uint64_t number : {0u, 11u, 20u}) CHECK(choose(grid, {}, number).point == number);
  CHECK_THROWS_WITH(choose(grid, {}, 21), Contains("--point 21") && Contains("0 to 20"));
}

TEST_CASE("values of every axis choose the point that has them", "[config]") {
  for (std::uint64_t number = 0; number < 21; ++number) {
    const auto values = choose(grid, {}, number).study.design.point(number);
    const auto gamma = fmt::format("gamma={:.7g}", values[0]);  // gamma is rounded here
    const auto q_max = fmt::format("risk.q_max={}", values[1]);
    CHECK(choose(grid, {gamma, q_max}).point == number);
    CHECK(choose(grid, {q_max, gamma}, number).point == number);
  }
}

TEST_CASE("a value within a millionth of the axis is meant, one farther is not", "[config]") {
  const auto gamma = [](double value) { return fmt::format("gamma={:.12g}", value); };
  CHECK(choose(grid, {gamma(0.1 * (1 + 9e-7)), "q_max=3"}).point == 10);
  CHECK(choose(grid, {gamma(0.1 * (1 - 9e-7)), "q_max=3"}).point == 10);
  CHECK_THROWS_WITH(
      choose(grid, {gamma(0.1 * (1 + 2e-6)), "q_max=3"}),
      Contains("strategy.gamma = 0.1000002 is not swept") && Contains("0.01, ") && Contains("1"));
  CHECK_THROWS_WITH(choose(grid, {"gamma=0.1", "q_max=4"}),
                    Contains("risk.q_max = 4 is not swept; choose one of: 1, 3, 10"));
}

TEST_CASE("an axis of one value chooses itself, unless another is asked for", "[config]") {
  const std::string text = "sweep: {gamma: [0.3], q_max: [1, 2]}";
  CHECK(choose(text, {"q_max=2"}).point == 1);
  CHECK_THROWS_WITH(choose(text, {"q_max=2", "gamma=0.4"}), Contains("gamma = 0.4 is not swept"));
}

TEST_CASE("where several points are left the message says how to choose one", "[config]") {
  CHECK_THROWS_WITH(choose(grid, {}), Contains("strategy.gamma, risk.q_max") &&
                                          Contains("--set gamma=0.01 --set q_max=1") &&
                                          Contains("--point N (0 to 20)"));
  CHECK_THROWS_WITH(choose(grid, {"gamma=0.1"}), Contains("--point N"));
}

TEST_CASE("a number and values that contradict each other are refused", "[config]") {
  CHECK_THROWS_WITH(choose(grid, {"q_max=3"}, 0), Contains("--point 0") && Contains("--set"));
  CHECK(choose(grid, {"q_max=3"}, 1).point == 1);
}

TEST_CASE("the last of several values for one axis counts", "[config]") {
  CHECK(choose(grid, {"gamma=0.01", "q_max=3", "gamma=0.1"}).point == 10);
}

TEST_CASE("a list is chosen from by all its values, not by each alone", "[config]") {
  CHECK(choose(list, {"gamma=0.1", "k=2"}).point == 1);
  CHECK(choose(list, {"gamma=0.5"}).point == 2);
  CHECK(choose(list, {}, 1).point == 1);
  CHECK_THROWS_WITH(choose(list, {"gamma=0.1"}), Contains("--point N (0 to 2)"));
  CHECK_THROWS_WITH(choose(list, {"gamma=0.5", "k=2"}),
                    Contains("no point of the list has all these values"));
}

TEST_CASE("choosing a point changes neither the design nor other settings", "[config]") {
  const auto chosen = choose(grid, {"gamma=0.1", "q_max=3", "sigma=3"});
  CHECK(chosen.study.design.size() == 21);
  CHECK(chosen.study.scenario.market.sigma == 3.0);
  CHECK(point_scenario(chosen.study, chosen.point).strategy.gamma == 0.1);
  CHECK(point_scenario(chosen.study, chosen.point).risk.q_max == 3.0);
}
