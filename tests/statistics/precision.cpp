#include <fmt/format.h>

#include <array>
#include <catch2/catch.hpp>
#include <cmath>

#include "base/elementary.hpp"
#include "base/philox.hpp"
#include "metrics/moments.hpp"
#include "sim/run_point.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

struct Case {
  std::string name;
  Scenario scenario;
};

/// A mid of 60,000 that moves 450 times as much as one of 100, with fills and aversion to match.
Scenario at_60000(Scenario s) {
  constexpr double scale = 450.0;
  s.market.initial_price = 60000.0;
  s.market.sigma *= scale;
  s.fills.decay /= scale;
  s.strategy.gamma /= scale;
  s.account.capital = 600000.0;
  return s;
}

/// 10,000 units to start with, at quotes that do not mind.
Scenario with_inventory(Scenario s) {
  s.strategy.name = StrategyName::symmetric;
  s.account.initial_inventory = 10000.0;
  s.risk.q_max = 20000.0;
  return s;
}

Scenario with_fees(Scenario s) {
  s.account.maker_fee = 0.0002;
  s.account.fee_per_unit = 0.01;
  return s;
}

/// Prices of 100 and 60,000, inventories near 0 and near 10,000, in `steps` steps.
std::vector<Case> cases(int steps) {
  Scenario s;
  s.market.dt = 1.0 / steps;
  return {{"price 100", s},
          {"price 100, inventory 1e4, fees", with_fees(with_inventory(s))},
          {"price 60000, fees", with_fees(at_60000(s))},
          {"price 60000, inventory 1e4", with_inventory(at_60000(s))}};
}

/// Path quantities of all cases in both precisions: [case][precision][block].
using Blocks = std::vector<std::array<std::vector<LaneResults>, 2>>;

Blocks run_blocks(const std::vector<Case>& all, std::size_t blocks) {
  Blocks results(all.size());
  for (auto& pair : results)
    for (auto& rows : pair) rows.resize(blocks);
#pragma omp parallel for collapse(3) schedule(dynamic)
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t precision = 0; precision < 2; ++precision)
      for (std::size_t block = 0; block < blocks; ++block) {
        const auto run = precision == 0 ? run_point<float> : run_point<double>;
        results[i][precision][block] =
            run(all[i].scenario, 42, block * lane_count, chunk_steps, false);
      }
  return results;
}

/// Moments over paths of single less double, and of double.
struct Pair {
  Moments difference, value;
  int defined_in_one = 0;  // paths where only one of both is defined
};

Pair compare(const std::array<std::vector<LaneResults>, 2>& results, PathQuantity quantity) {
  Pair pair;
  std::vector<double> differences, values;
  for (std::size_t block = 0; block < results[0].size(); ++block)
    for (int lane = 0; lane < lane_count; ++lane) {
      const double a = results[0][block].at(quantity, lane);
      const double b = results[1][block].at(quantity, lane);
      pair.defined_in_one += std::isnan(a) != std::isnan(b);
      differences.push_back(a - b);
      values.push_back(b);
    }
  pair.difference = summarise(differences);
  pair.value = summarise(values);
  return pair;
}

/// What single precision changes of a mean over 10^6 paths, in units of that mean's standard error
/// s/1000. Of paired differences with mean b and standard deviation d the change is b + d/1000
/// times a standard normal: root mean square sqrt(b^2 + d^2/10^6). The b measured on fewer paths
/// has an error of its own, which only adds to this.
double share_of_error(const Pair& pair) {
  constexpr double paths = 1e6;
  const double b = pair.difference.mean;
  return std::sqrt((b * b * paths + pair.difference.variance()) / pair.value.variance());
}

void check_precision(const std::vector<Case>& all, std::size_t blocks) {
  const auto results = run_blocks(all, blocks);
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t q = 0; q < metric_count; ++q) {
      const auto pair = compare(results[i], static_cast<PathQuantity>(q));
      const double percent = 100.0 * share_of_error(pair);
      fmt::print("{:<32}{:<20}{:>9.4f} % of the standard error\n", all[i].name,
                 metric_definitions()[q].name, percent);
      CAPTURE(all[i].name, metric_definitions()[q].name);
      CHECK(pair.defined_in_one == 0);
      CHECK(pair.value.variance() > 0.0);
      CHECK(percent < 1.0);
    }
}

/// The threshold of V = (word + 1/2) / 2^31 as single lanes have it; see StepDraws.
float threshold(std::uint32_t word, FillProbability probability) {
  const float v = (static_cast<float>(static_cast<std::int32_t>(word)) + 0.5f) * 0x1p-31f;
  if (probability == FillProbability::bernoulli) return -elementary::log(v);
  return -elementary::log(-elementary::log1p(-std::min(v, 1.0f - 0x1p-24f)));
}

/// How many of the 2^31 values of V fill a quote at each lane's distance, found by bisection.
LaneArray<double> count_filling(const Scenario& s, const Quotes<float>& quotes) {
  const Account<float> account(s.market, s.fills, s.account);
  LaneArray<std::uint32_t> low{}, high;
  for (auto& word : high.values) word = 1u << 31;
  for (int round = 0; round < 31; ++round) {
    Lanes<float> lanes{};
    LaneArray<float> zero{}, thresholds;
    for (int lane = 0; lane < lane_count; ++lane)
      thresholds[lane] = threshold((low[lane] + high[lane]) / 2, s.fills.probability);
    account.step({zero.values, zero.values, thresholds.values, thresholds.values},
                 {zero.values, zero.values}, quotes, lanes);
    for (int lane = 0; lane < lane_count; ++lane) {
      const std::uint32_t middle = (low[lane] + high[lane]) / 2;
      (lanes.bid_filled[lane] > 0.0f ? low[lane] : high[lane]) = middle;
    }
  }
  LaneArray<double> count{};
  for (int lane = 0; lane < lane_count; ++lane) count[lane] = high[lane];
  return count;
}

}  // namespace

TEST_CASE("over 200 steps single precision changes a mean by less than 1 % of its error",
          "[statistics]") {
  check_precision(cases(200), 1024);
}

TEST_CASE("over 10^6 steps single precision changes a mean by less than 1 % of its error",
          "[statistics]") {
  check_precision(cases(1'000'000), 1);
}

/// What differs most is a fill at the edge of its threshold, where a tie is none. On average its
/// probability is too low by 5e-8 of it: n fills a path have b = 5e-8 n and s = sqrt(n) or less, so
/// that b is 1 % of s/1000 at n = 4e4. Paths with more fills want double precision.
TEST_CASE("single precision fills a quote with its probability to a few parts in 10^7",
          "[statistics]") {
  double total = 0.0, worst = 0.0;
  int count = 0;
  for (const auto probability : {FillProbability::poisson, FillProbability::bernoulli})
    for (const auto& [rate, decay] : {std::pair{140.0, 1.5}, {137.0, 1.3}, {71.0, 0.7}}) {
      Scenario s;
      s.fills = {.arrival_rate = rate, .decay = decay, .probability = probability};
      Quotes<float> quotes{};
      for (int lane = 0; lane < lane_count; ++lane)
        quotes.bid_distance[lane] = quotes.ask_distance[lane] = 0.1f + 0.0137f * float(lane);
      const auto words = count_filling(s, quotes);
      for (int lane = 0; lane < lane_count; ++lane) {
        const double distance = quotes.bid_distance[lane];
        const double mean = rate * s.market.dt * std::exp(-decay * distance);
        const double exact = probability == FillProbability::poisson ? -std::expm1(-mean) : mean;
        const double error = words[lane] * 0x1p-31 / exact - 1.0;
        worst = std::max(worst, std::abs(error));
        total += error;
        ++count;
      }
    }
  fmt::print("relative error of a fill's probability: mean {:.2g}, largest {:.2g}\n", total / count,
             worst);
  CHECK(std::abs(total / count) < 1e-7);
  CHECK(worst < 5e-7);
}

TEST_CASE("the thresholds tested here are those of the lanes", "[statistics]") {
  for (const auto probability : {FillProbability::poisson, FillProbability::bernoulli}) {
    DrawStream<float> stream({7, Moves::normal, probability}, 0, 200);
    stream.advance(200);
    for (std::uint32_t step = 0; step < 200; ++step)
      for (std::uint32_t lane = 0; lane < lane_count; ++lane) {
        const auto words = philox({lane, 0, step, 0}, 7);
        const auto draws = stream.step(static_cast<int>(step));
        REQUIRE(draws.bid_threshold[lane] == threshold(words[1] >> 1, probability));
        REQUIRE(draws.ask_threshold[lane] == threshold(words[2] >> 1, probability));
      }
  }
}
