#include "experiment/study_change.hpp"

#include <catch2/catch.hpp>

#include "experiment/parameter.hpp"
#include "experiment/small_study.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;
using Places = std::vector<std::uint64_t>;

namespace {

std::vector<std::string> changed_keys(const Study& before, const Study& now) {
  std::vector<std::string> keys;
  for (const auto& difference : differences(resolved_text(before), resolved_text(now)))
    keys.push_back(difference.key);
  return keys;
}

}  // namespace

TEST_CASE("differences name what has changed, with both values", "[experiment]") {
  Study now = small_study();
  CHECK(differences(resolved_text(small_study()), resolved_text(now)).empty());
  now.seed = 9;
  now.scenario.market.sigma = 3;
  now.design.axes.pop_back();
  CHECK(changed_keys(small_study(), now) ==
        std::vector<std::string>{"market.sigma", "sweep.risk.q_max", "seed"});
  CHECK(changed_keys(now, small_study()) ==
        std::vector<std::string>{"market.sigma", "seed", "sweep.risk.q_max"});
  const auto all = differences(resolved_text(small_study()), resolved_text(now));
  CHECK((all[0].before == "2" && all[0].now == "3"));
  CHECK((all[1].before == "[1, 2, 3, 5]" && all[1].now.empty()));
}

TEST_CASE("every setting but the paths and the design keeps a study from being extended",
          "[experiment]") {
  for (const auto& parameter : parameters()) {
    const Study before = small_study_with(parameter);
    Study now = before;
    const double value = parameter.get(now.scenario) != 1.0 ? 1.0
                         : parameter.is_number()            ? 0.25
                                                            : 0.0;
    if (!value_problem(parameter, value).empty()) continue;
    parameter.set(now.scenario, value);
    INFO(parameter.name);
    CHECK_FALSE(extension(before, now));
  }
  for (const auto change :
       {+[](Study& s) { s.seed = 2; }, +[](Study& s) { s.block = 32; },
        +[](Study& s) { s.common_random_numbers = false; },
        +[](Study& s) { s.precision = Precision::double_; }, +[](Study& s) { s.paths -= 64; },
        +[](Study& s) { s.design.kind = DesignKind::list; },
        +[](Study& s) {
          s.design.axes[0].values = {0.05, 0.1, 0.6};
        },
        +[](Study& s) { s.design.axes[0].values.pop_back(); },
        +[](Study& s) { s.design.axes.pop_back(); },
        +[](Study& s) { std::swap(s.design.axes[0], s.design.axes[1]); }}) {
    Study now = small_study();
    change(now);
    CHECK_FALSE(extension(small_study(), now));
  }
}

TEST_CASE("an extended grid has every old point at the place of its values", "[experiment]") {
  Study now = small_study();
  now.design.axes[0].values = {0.5, 0.05, 0.07, 0.1};
  now.design.axes[1].values = {5, 3, 2, 1, 10};
  now.paths = 1000;
  const auto places = extension(small_study(), now);
  REQUIRE(places);
  REQUIRE(places->size() == 12);
  for (std::uint64_t point = 0; point < 12; ++point)
    CHECK(now.design.point((*places)[point]) == small_study().design.point(point));
  CHECK(extension(small_study(), small_study()) == Places{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
}

TEST_CASE("a shard has its points and says which it is", "[experiment]") {
  const Study whole = small_study();
  const Study part = shard_of(whole, {.index = 1, .count = 5});
  CHECK(part.design.size() == 3);
  CHECK(part.design.point(1) == whole.design.point(6));
  CHECK((part.shard.index == 1 && part.shard.count == 5));
  CHECK(point_input(part, 1).key == point_input(whole, 6).key);
  CHECK(resolved_text(shard_of(whole, {})) == resolved_text(whole));
  CHECK(shard_of(whole, {.index = 11, .count = 50}).design.size() == 1);
  CHECK_THROWS_WITH(shard_of(whole, {.index = 12, .count = 50}),
                    "--shard 12/50: has no points: the study has 12, dealt to shards 0 to 11");
}
