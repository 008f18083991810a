#include "market/market_path.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <vector>

using namespace quotesweep;

namespace {

const DrawSpec spec{7, Moves::normal, FillProbability::poisson};

/// Mean and mean square of numbers, with the standard error of the mean.
struct Sample {
  double count = 0, sum = 0, squares = 0;
  void add(double x) {
    ++count;
    sum += x;
    squares += x * x;
  }
  double mean() const { return sum / count; }
  double variance() const { return squares / count - mean() * mean(); }
  double error() const { return std::sqrt(variance() / count); }
};

/// Calls `visit(step, lane, market step)` for some blocks of paths of a market.
void walk(const MarketTerms& terms, int steps, int blocks,
          const std::function<void(int, int, const MarketStep<double>&)>& visit) {
  for (int block = 0; block < blocks; ++block) {
    const auto first = static_cast<std::uint64_t>(block * lane_count);
    DrawStream<double> draws(spec, first, 10);
    MarketPath<double> path(terms, spec, first, 10);
    for (int done = 0; done < steps; done += 10) {
      draws.advance(10);
      path.advance(draws, 10);
      for (int i = 0; i < 10; ++i)
        for (int lane = 0; lane < lane_count; ++lane) visit(done + i, lane, path.step(i));
    }
  }
}

MarketTerms pair_market() {
  MarketTerms terms;
  terms.process.model = MarketModel::cointegrated;
  terms.process.dt = 0.01;
  terms.pair = {.partner_price = 50.0,
                .partner_sigma = 1.0,
                .hedge_ratio = 1.5,
                .spread_reversion = 8.0,
                .spread_sigma = 2.0};
  return terms;
}

}  // namespace

TEST_CASE("without structure a market is the walk of an account's draws", "[market]") {
  const MarketTerms terms;
  DrawStream<float> draws(spec, 3, 20);
  MarketPath<float> path(terms, spec, 3, 20);
  draws.advance(20);
  path.advance(draws, 20);
  const auto scale = static_cast<float>(move_scale(terms.process));
  for (int i = 0; i < 20; ++i)
    for (int lane = 0; lane < lane_count; ++lane) {
      const auto step = path.step(i);
      REQUIRE(step.mid[lane] == 100.0f + scale * draws.step(i).displacement[lane]);
      REQUIRE(step.move[lane] == scale * draws.step(i).move[lane]);
      REQUIRE(step.partner_walk == nullptr);
      REQUIRE(step.imbalance == nullptr);
    }
}

TEST_CASE("moves add up to the walk, of both assets", "[market]") {
  auto terms = pair_market();
  terms.book = {.tick = 0.01, .spread = 1, .imbalance_sd = 1.0, .imbalance_strength = 0.2};
  std::vector<double> at(lane_count), partner_at(lane_count);
  walk(terms, 100, 1, [&](int, int lane, const MarketStep<double>& step) {
    const auto i = static_cast<std::size_t>(lane);
    REQUIRE(step.walk[lane] == Approx(at[i]).margin(1e-12));
    REQUIRE(step.mid[lane] == Approx(100.0 + at[i]).epsilon(1e-14));
    REQUIRE(step.partner_walk[lane] == Approx(partner_at[i]).margin(1e-12));
    at[i] += step.move[lane];
    partner_at[i] += step.partner_move[lane];
  });
}

TEST_CASE("drift and a volatility spike are in the moves at their time only", "[market]") {
  MarketTerms terms;
  terms.process = {.sigma = 2.0, .horizon = 1.0, .dt = 0.01, .drift = 3.0};
  terms.spike = {.start = 0.3, .length = 0.2, .factor = 2.5};
  std::vector<Sample> moves(60);
  walk(terms, 60, 100, [&](int i, int lane, const MarketStep<double>& step) {
    moves[static_cast<std::size_t>(i)].add(step.move[lane]);
  });
  for (std::size_t i = 0; i < moves.size(); ++i) {
    const double factor = i >= 30 && i < 50 ? 2.5 : 1.0;
    CAPTURE(i);
    CHECK(std::abs(moves[i].mean() - 0.03) < 5.0 * moves[i].error());
    CHECK(std::sqrt(moves[i].variance()) == Approx(0.2 * factor).epsilon(0.04));
  }
}

TEST_CASE("the spread of a pair is an Ornstein-Uhlenbeck process until it breaks", "[market]") {
  auto terms = pair_market();
  terms.pair.break_time = 1.0;
  std::vector<Sample> spread(200);
  Sample traded, partner, together;
  walk(terms, 200, 100, [&](int i, int lane, const MarketStep<double>& step) {
    spread[static_cast<std::size_t>(i)].add(step.walk[lane] - 1.5 * step.partner_walk[lane]);
    if (i != 0) return;
    traded.add(step.move[lane]);
    partner.add(step.partner_move[lane]);
    together.add(step.move[lane] * step.partner_move[lane]);
  });
  const double theta = 8.0, variance = 4.0 / (2.0 * theta);
  for (const int i : {1, 20, 60, 100}) {
    const double t = 0.01 * i;
    CAPTURE(i);
    CHECK(spread[static_cast<std::size_t>(i)].variance() ==
          Approx(variance * (1.0 - std::exp(-2.0 * theta * t))).epsilon(0.05));
  }
  CHECK(spread[199].variance() ==
        Approx(variance * (1.0 - std::exp(-2.0 * theta)) + 4.0 * 0.99).epsilon(0.05));
  CHECK(partner.variance() == Approx(0.01).epsilon(0.05));
  CHECK(together.mean() == Approx(1.5 * 0.01).epsilon(0.06));
  const double step_variance = 4.0 * (1.0 - std::exp(-2.0 * theta * 0.01)) / (2.0 * theta);
  CHECK(traded.variance() == Approx(2.25 * 0.01 + step_variance).epsilon(0.05));
}

TEST_CASE("the spread of a pair follows its recursion draw by draw", "[market]") {
  const auto terms = pair_market();
  DrawStream<double> draws(spec, 0, 200);
  MarketPath<double> path(terms, spec, 0, 200);
  draws.advance(200);
  path.advance(draws, 200);
  const double theta = 8.0, dt = 0.01, left = std::exp(-theta * dt);
  const double scale = 2.0 * std::sqrt((1.0 - std::exp(-2.0 * theta * dt)) / (2.0 * theta));
  for (int lane = 0; lane < lane_count; ++lane) {
    double spread = 0.0;
    for (int i = 0; i < 200; ++i) {
      const auto step = path.step(i);
      REQUIRE(step.walk[lane] - 1.5 * step.partner_walk[lane] == Approx(spread).margin(1e-10));
      spread = left * spread + scale * draws.step(i).move[lane];
    }
  }
}

TEST_CASE("few lanes are drawn as all are, and the others stand still", "[market]") {
  auto terms = pair_market();
  terms.book = {.imbalance_sd = 1.0, .imbalance_strength = 0.2};
  DrawStream<float> all(spec, 9, 50), few(spec, 9, 50, few_lanes);
  MarketPath<float> whole(terms, spec, 9, 50), part(terms, spec, 9, 50, few_lanes);
  for (int chunk = 0; chunk < 2; ++chunk) {
    all.advance(50);
    few.advance(50);
    whole.advance(all, 50);
    part.advance(few, 50);
    for (int i = 0; i < 50; ++i)
      for (int lane = 0; lane < lane_count; ++lane) {
        const auto expected = whole.step(i), step = part.step(i);
        const bool drawn = lane < few_lanes;
        REQUIRE(few.step(i).bid_threshold[lane] == (drawn ? all.step(i).bid_threshold[lane] : 0));
        REQUIRE(step.mid[lane] == (drawn ? expected.mid[lane] : 100.0f));
        REQUIRE(step.partner_walk[lane] == (drawn ? expected.partner_walk[lane] : 0.0f));
        REQUIRE(step.imbalance[lane] == (drawn ? expected.imbalance[lane] : 0.0f));
      }
  }
}

TEST_CASE("the imbalance is stationary, within (-1, 1), and leads the next move as stated",
          "[market]") {
  for (const bool paired : {false, true}) {
    MarketTerms terms = paired ? pair_market() : MarketTerms{};
    terms.process.dt = 0.01;
    terms.book = {.imbalance_sd = 1.5, .imbalance_reversion = 20.0, .imbalance_strength = 0.3};
    const double sd = traded_sigma(terms.process, terms.pair) * 0.1;
    Sample latent, product, square;
    walk(terms, 100, 100, [&](int i, int lane, const MarketStep<double>& step) {
      const double seen = step.imbalance[lane];
      REQUIRE(std::abs(seen) < 1.0);
      if (i == 0) REQUIRE(seen == 0.0);
      if (i < 50 || i % 10 != 0) return;
      latent.add(seen / std::sqrt(1.0 - seen * seen));
      // The reversion of the spread, which earlier imbalances have moved, is not the book's doing.
      const double spread = paired ? step.walk[lane] - 1.5 * step.partner_walk[lane] : 0.0;
      const double reverted = (1.0 - std::exp(-8.0 * 0.01)) * spread;
      product.add((step.move[lane] + reverted) / sd * seen);
      square.add(seen * seen);
    });
    CHECK(std::sqrt(latent.variance()) == Approx(1.5).epsilon(0.03));
    const double slope = product.mean() / square.mean();
    CHECK(std::abs(slope - 0.3) < 5.0 * product.error() / square.mean());
  }
}

TEST_CASE("a time that is a step to rounding is that step", "[market]") {
  CHECK(step_at(0.3, 0.1) == 3);
  CHECK(step_at(0.30001, 0.1) == 4);
  CHECK(step_at(0.0, 0.1) == 0);
}

TEST_CASE("a mid on a grid of ticks is told from the tick next to the initial price", "[market]") {
  MarketTerms terms;
  terms.process.initial_price = 100.03;
  terms.book.tick = 0.05;
  CHECK(terms.above_tick() == Approx(-0.02));
  walk(terms, 20, 1, [&](int, int lane, const MarketStep<double>& step) {
    const double ticks = (step.mid[lane] - 100.05) / 0.05;
    REQUIRE(step.above[lane] == Approx(step.mid[lane] - 100.05).margin(1e-10));
    REQUIRE(step.for_bids[lane] == Approx(ticks + tick_slack).margin(1e-8));
    REQUIRE(step.for_asks[lane] == Approx(ticks - tick_slack).margin(1e-8));
  });
  terms.book.tick = 0.0;
  walk(terms, 20, 1, [&](int, int, const MarketStep<double>& step) {
    REQUIRE(step.above == nullptr);
    REQUIRE(step.for_bids == nullptr);
    REQUIRE(step.for_asks == nullptr);
  });
}
