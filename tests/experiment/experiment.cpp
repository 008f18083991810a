#include "experiment/experiment.hpp"

#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "experiment/small_study.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

using Doubles = std::vector<double>;

bool same_bits(const Doubles& a, const Doubles& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

Doubles evaluate(const Study& study, const Task& task, int threads = 1) {
  return Experiment(study, threads).evaluate(task);
}

Task whole(const Study& study) {
  return {0, study.design.size(), 0, study.blocks()};
}

/// State `index` of the states in `all`.
Doubles state(const Doubles& all, std::size_t index) {
  constexpr auto kept = Quantiles::always;
  const auto first =
      all.begin() + static_cast<std::ptrdiff_t>(index * state_width({.quantiles = kept}));
  return {first, first + static_cast<std::ptrdiff_t>(state_width({.quantiles = kept}))};
}

/// Studies whose points share draws in different ways.
std::vector<Study> studies() {
  std::vector<Study> all(4, small_study());
  all[1].common_random_numbers = false;
  all[2].precision = Precision::double_;
  all[3].design.axes = {{"strategy.gamma", {0.1, 0.3}}, {"market.dt", {0.05, 0.1, 0.025}}};
  return all;
}

}  // namespace

TEST_CASE("any number of threads gives the same bits", "[experiment]") {
  for (const auto& study : studies())
    for (const int threads : {2, 3, 7})
      CHECK(same_bits(evaluate(study, whole(study)), evaluate(study, whole(study), threads)));
}

TEST_CASE("any cut of the points gives the same bits", "[experiment]") {
  for (const auto& study : studies()) {
    const auto all = evaluate(study, whole(study));
    for (const std::uint64_t size : {1, 2, 5}) {
      Doubles pieces;
      for (std::uint64_t point = 0; point < study.design.size(); point += size) {
        const auto count = std::min(size, study.design.size() - point);
        const auto piece = evaluate(study, {point, count, 0, study.blocks()}, 2);
        pieces.insert(pieces.end(), piece.begin(), piece.end());
      }
      CHECK(same_bits(all, pieces));
    }
  }
}

TEST_CASE("a folded result is its blocks merged one after the other", "[experiment]") {
  for (const auto& study : studies()) {
    Experiment experiment(study, 2);
    const auto folded = experiment.evaluate(whole(study));
    auto merged = experiment.evaluate({0, study.design.size(), 0, 1});
    const auto later = experiment.evaluate({0, study.design.size(), 1, study.blocks() - 1});
    for (std::size_t point = 0; point < study.design.size(); ++point)
      for (std::size_t b = 0; b + 1 < study.blocks(); ++b)
        experiment.merge(std::span(merged).subspan(point * experiment.width(), experiment.width()),
                         state(later, point * (study.blocks() - 1) + b));
    CHECK(same_bits(folded, merged));
  }
}

TEST_CASE("no two blocks are alike, and no two values of gamma", "[experiment]") {
  const auto states = evaluate(small_study(), {0, 12, 1, 4});
  for (const std::size_t point : {0, 4, 8})  // the first of each gamma
    for (std::size_t i = 0; i < 4; ++i)
      for (const std::size_t other : {0, 4, 8})
        for (std::size_t j = 0; j < 4; ++j)
          CHECK(same_bits(state(states, 4 * point + i), state(states, 4 * other + j)) ==
                (point == other && i == j));
}

TEST_CASE("common random numbers tie points together, and only when asked", "[experiment]") {
  Study study = small_study();
  study.design.axes = {{"account.capital", {1000, 2000}}};  // leaves every fill as it is
  const auto pnl = [&] {
    Experiment experiment(study, 1);
    const auto states = experiment.evaluate(whole(study));
    return std::pair{experiment.results(0, state(states, 0))[0],
                     experiment.results(1, state(states, 1))[0]};
  };
  const auto [a, b] = pnl();
  CHECK(a == Approx(b).epsilon(1e-4));
  study.common_random_numbers = false;
  const auto [c, d] = pnl();
  CHECK(c != Approx(d).epsilon(1e-4));
}

TEST_CASE("without quantiles the other results are the same", "[experiment]") {
  Study study = small_study();
  Experiment with(study, 1);
  study.scenario.metrics.quantiles = Quantiles::never;
  Experiment without(study, 1);
  const auto states = with.evaluate(whole(study)), fewer = without.evaluate(whole(study));
  REQUIRE(fewer.size() == study.design.size() * state_width({.quantiles = Quantiles::never}));
  auto all = with.results(0, state(states, 0));
  auto some = without.results(0, std::span(fewer).first(without.width()));
  CHECK(all.back() == some.back());  // the warnings
  all.pop_back();
  some.pop_back();
  REQUIRE(some.size() < all.size());
  CHECK(same_bits(some, {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(some.size())}));
}

TEST_CASE("results are one number per definition and count the paths asked for", "[experiment]") {
  const Study study = small_study();
  Experiment experiment(study, 1);
  const auto states = experiment.evaluate(whole(study));
  CHECK(read_state(state(states, 3)).paths == 320);
  CHECK(experiment.results(3, state(states, 3)).size() == study_definitions(study).size());
}
