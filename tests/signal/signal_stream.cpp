#include "signal/signal_stream.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <deque>

using namespace quotesweep;

namespace {

constexpr int steps = 120;
const DrawSpec spec{5, Moves::normal, FillProbability::poisson};

MarketTerms market() {
  MarketTerms terms;
  terms.process = {.sigma = 2.0, .horizon = 1.2, .dt = 0.01};
  terms.book = {.imbalance_sd = 1.0, .imbalance_reversion = 10.0};
  return terms;
}

/// Runs a stream in chunks of 30 steps and calls `visit(i, market step, signal step)`.
template <class Visit>
void run(const MarketTerms& terms, const SignalTerms& signal, const SignalNeeds& needs,
         Visit visit) {
  DrawStream<double> draws(spec, 0, 30);
  MarketPath<double> path(terms, spec, 0, 30);
  SignalStream<double> stream(terms, signal, needs, 30);
  for (int done = 0; done < steps; done += 30) {
    draws.advance(30);
    path.advance(draws, 30);
    stream.advance(path, 30);
    for (int i = 0; i < 30; ++i) visit(done + i, path.step(i), stream.step(i));
  }
}

}  // namespace

TEST_CASE("the ewma follows its recursion, from the past only, and keeps its floor", "[signal]") {
  const SignalTerms terms{
      .volatility = Volatility::ewma, .ewma_alpha = 0.1, .volatility_floor = 1.8};
  double expected = 4.0;
  run(market(), terms, {.variance = true}, [&](int, const auto& seen, const auto& signal) {
    REQUIRE(signal.variance[9] == Approx(std::max(expected, 1.8 * 1.8)));
    const double sigma = market().process.sigma;
    REQUIRE(signal.wild[9] ==
            Approx(1.0 - std::min(1.0, sigma / std::sqrt(signal.variance[9]))).margin(1e-12));
    expected = 0.9 * expected + 0.1 * seen.move[9] * seen.move[9] / 0.01;
  });
}

TEST_CASE("the realized variance is the mean square of the window's moves", "[signal]") {
  const SignalTerms terms{.volatility = Volatility::realized, .volatility_window = 25};
  std::deque<double> window(25, 4.0);
  run(market(), terms, {.variance = true}, [&](int, const auto& seen, const auto& signal) {
    double sum = 0.0;
    for (const double square : window) sum += square;
    REQUIRE(signal.variance[70] == Approx(sum / 25.0));
    window.pop_front();
    window.push_back(seen.move[70] * seen.move[70] / 0.01);
  });
}

TEST_CASE("the smoothed imbalance is a weighted mean of the past and the book", "[signal]") {
  for (const double past : {0.0, 0.8}) {
    double expected = 0.0;
    run(market(), {.imbalance_smoothing = past}, {.imbalance = true},
        [&](int, const auto& seen, const auto& signal) {
          expected = past * expected + (1.0 - past) * seen.imbalance[3];
          REQUIRE(signal.imbalance[3] == Approx(expected).margin(1e-15));
        });
  }
}

TEST_CASE("signals that nobody asked for are not there", "[signal]") {
  run(market(), {}, {}, [](int, const auto&, const auto& signal) {
    REQUIRE(signal.variance == nullptr);
    REQUIRE(signal.imbalance == nullptr);
    REQUIRE(signal.pair_signal == nullptr);
  });
}

TEST_CASE("the stream's pair signal is that of the prices seen so far", "[signal]") {
  MarketTerms terms = market();
  terms.process.model = MarketModel::cointegrated;
  const SignalTerms signal{.pair = {.lookback = 30, .interval = 7, .adf_pval_max = 0.5}};
  PairSignal<double> alone(signal.pair);
  alone.begin();
  double active = 0.0;
  run(terms, signal, {.pair = true}, [&](int, const auto& seen, const auto& at) {
    alone.observe(seen.walk, seen.partner_walk);
    for (int lane = 0; lane < lane_count; ++lane) {
      REQUIRE(at.pair_signal[lane] == alone.signal()[lane]);
      REQUIRE(at.pair_direction[lane] == alone.direction()[lane]);
      REQUIRE(at.pair_hedge[lane] == alone.held_hedge_ratio()[lane]);
      active += std::abs(at.pair_direction[lane]);
    }
  });
  CHECK(active > 100.0);
}
