#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <numbers>
#include <random>

#include "replay/replay_results.hpp"

using namespace quotesweep;

namespace {

constexpr int replications = 500;
constexpr int lanes_at_once = 125;                     // of the replications
constexpr double normal_quantile = 1.959963984540054;  // 97.5 %
constexpr double sd = 0.01;                            // of the returns

/// Standard normal numbers, the same with every library.
class Normals {
 public:
  explicit Normals(std::uint64_t seed) : words_(seed) {}
  double operator()() {
    const double radius = std::sqrt(-2.0 * std::log(uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
  }

 private:
  double uniform() { return (static_cast<double>(words_() >> 11) + 0.5) * 0x1p-53; }
  std::mt19937_64 words_;
};

/// A law of series with mean 0 and variance 1.
using Law = std::function<std::vector<double>(Normals&, std::size_t)>;

std::vector<double> normal(Normals& next, std::size_t n) {
  std::vector<double> series(n);
  for (auto& x : series) x = next();
  return series;
}

/// Student's t with 5 degrees of freedom, whose kurtosis is 9.
std::vector<double> heavy_tailed(Normals& next, std::size_t n) {
  auto series = normal(next, n);
  for (auto& x : series) {
    double chi_square = 0.0;
    for (int i = 0; i < 5; ++i) chi_square += std::pow(next(), 2);
    x *= std::sqrt(3.0 / chi_square);
  }
  return series;
}

/// An autoregression of first order with coefficient 0.2.
std::vector<double> persistent(Normals& next, std::size_t n) {
  auto series = normal(next, n);
  for (std::size_t i = 1; i < n; ++i)
    series[i] = 0.2 * series[i - 1] + std::sqrt(1.0 - 0.04) * series[i];
  return series;
}

ReplayMeasure measure_of(std::size_t intervals, double mean_block, std::uint64_t seed) {
  ReplayMeasure measure;
  measure.clock.intervals_per_year = 1.0;  // so that a Sharpe ratio is that of one interval
  measure.bootstrap = {
      .intervals = intervals, .resamples = 500, .mean_block = mean_block, .seed = seed};
  return measure;
}

/// Margins that begin at 1 and have returns of this law, a lane each.
IntervalSeries margins(const Law& law, double sharpe, std::size_t n, Normals& next) {
  Column margin;
  for (int lane = 0; lane < lane_count; ++lane) margin[lane] = 1.0;
  IntervalSeries series(replay_sum_count, margin);
  std::vector<std::vector<double>> draws;
  for (int lane = 0; lane < lane_count; ++lane) draws.push_back(law(next, n));
  ReplayMark mark(replay_sum_count);
  for (std::size_t i = 0; i < n; ++i) {
    for (int lane = 0; lane < lane_count; ++lane)
      margin[lane] *= 1.0 + sd * (sharpe + draws[static_cast<std::size_t>(lane)][i]);
    mark[margin_sum] = margin;
    series.add(mark, lane_count);
  }
  return series;
}

/// How many of the intervals sharpe +- 1.96 standard errors of some replications hold the truth.
int count_covering(const IntervalSeries& series, double truth, const ReplayMeasure& measure) {
  const BootstrapRun whole{0, static_cast<std::uint32_t>(series.size())};
  int covering = 0;
  for (std::size_t pack = 0; pack * lane_step < lanes_at_once; ++pack) {
    const auto found = statistics(sum_over(series, pack, {&whole, 1}, 0.0), series, pack, measure);
    const auto errors = bootstrap_errors(series, pack, measure);
    const Octet off = magnitude(found[sharpe_ratio] - truth);
    const Octet inside = one_where<Octet>(off <= normal_quantile * errors[sharpe_ratio]);
    const int lanes = std::min(lane_step, lanes_at_once - static_cast<int>(pack) * lane_step);
    for (int lane = 0; lane < lanes; ++lane) covering += inside[lane] == 1.0;
  }
  return covering;
}

/// Of 500 intervals of 95 % it is 475 +- 5, so that 460 is 3.1 and 485 is 2.1 standard errors away.
void check_coverage(const std::string& name, int covering) {
  fmt::print("{}: {:.1f} %\n", name, 100.0 * covering / replications);
  CAPTURE(name);
  CHECK(covering >= 0.92 * replications);
  CHECK(covering <= 0.97 * replications);
}

/// Of `replications` series of n returns of a law.
int count_covering(const Law& law, double sharpe, std::size_t n, double mean_block) {
  int covering = 0;
#pragma omp parallel for schedule(dynamic) reduction(+ : covering)
  for (int block = 0; block < replications / lanes_at_once; ++block) {
    Normals next(1'000'000U + static_cast<unsigned>(block));
    const auto series = margins(law, sharpe, n, next);
    covering +=
        count_covering(series, sharpe, measure_of(n, mean_block, static_cast<unsigned>(block)));
  }
  return covering;
}

void check_law(const char* name, const Law& law) {
  for (const std::size_t n : {250, 1000})
    for (const double sharpe : {0.05, 0.3})  // with 250 intervals a year 0.8 and 4.7 a year
      check_coverage(fmt::format("{}, {} intervals, Sharpe ratio {} of each", name, n, sharpe),
                     count_covering(law, sharpe, n, default_mean_block(n)));
}

constexpr double least_spread = 0.2;  // so wide that an ask is never reached

/// Bars that reach every bid of half the spread below the open, and close as a normal law has it.
Tape tape_of_returns(std::size_t bars, Normals& next) {
  Tape tape{.symbols = {{.symbol = "A"}}, .bar_seconds = 86400.0, .bars_per_year = 1.0};
  auto& prices = tape.symbols[0];
  double open = 100.0;
  for (std::size_t i = 0; i < bars; ++i) {
    const double close = open * (1.0 + sd * next());
    tape.time.push_back(static_cast<std::int64_t>(i) * 86'400'000'000'000);
    prices.open.push_back(open);
    prices.high.push_back(std::max(open, close));
    prices.low.push_back(open * (1.0 - least_spread));
    prices.close.push_back(close);
    prices.volume.push_back(0.0);
    open = close;
  }
  check_tape(tape);
  return tape;
}

/// On such a tape, buys at every bar for half the margin, at a fee that leaves this Sharpe ratio,
/// and leaves at the next open, where the leverage is too high.
ReplayPoint buyer(double sharpe) {
  Scenario s;
  s.market.model = MarketModel::replay;
  s.strategy.name = StrategyName::tokyo;
  s.ladder.min_spread = least_spread;
  s.orders.rule = FillRule::touch;
  s.margin = {.max_leverage = 1.0, .aggressivity = 0.5, .emergency_leverage = 1e-6};
  s.account.capital = 100.0;
  s.account.maker_fee = (0.5 * least_spread - sharpe * sd) / (1.0 - 0.5 * least_spread);
  return {.symbols = {s}};
}

bool covers(double sharpe, std::size_t bars, std::uint64_t seed) {
  Normals next(seed);
  const Tape tape = tape_of_returns(bars, next);
  std::vector<BarShelf> shelves;
  for (const auto& symbol : tape.symbols) shelves.emplace_back(symbol);
  const std::vector points{buyer(sharpe)};
  ReplayRunner runner(tape, shelves, points);
  auto measure = measure_of(bars, default_mean_block(bars), seed);
  measure.clock = replay_clock(tape, 0);
  const auto results = replay_results(runner, tape, measure, 1)[0];
  const double found = results[2 * sharpe_ratio], error = results[2 * sharpe_ratio + 1];
  return std::abs(found - sharpe) <= normal_quantile * error;
}

}  // namespace

TEST_CASE("bootstrap intervals of independent normal returns cover as often as they say",
          "[statistics]") {
  check_law("normal", normal);
}

TEST_CASE("bootstrap intervals of heavy-tailed returns cover as often as they say",
          "[statistics]") {
  check_law("Student's t of 5 degrees", heavy_tailed);
}

TEST_CASE("bootstrap intervals of autocorrelated returns cover as often as they say",
          "[statistics]") {
  check_law("autoregression of 0.2", persistent);
}

TEST_CASE("without blocks autocorrelated returns would seem more certain than they are",
          "[statistics]") {
  const int covering = count_covering(persistent, 0.05, 1000, 1.0);
  fmt::print("autoregression of 0.2, blocks of one: {:.1f} %\n", 100.0 * covering / replications);
  CHECK(covering < 0.92 * replications);
}

TEST_CASE("intervals of replayed tapes with a known Sharpe ratio cover as often as they say",
          "[statistics]") {
  int covering = 0;
#pragma omp parallel for schedule(dynamic) reduction(+ : covering)
  for (int i = 0; i < replications; ++i) covering += covers(0.1, 250, static_cast<unsigned>(i));
  check_coverage("tapes of 250 bars", covering);
}
