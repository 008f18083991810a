#include "market/draws.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/philox.hpp"

using namespace quotesweep;

namespace {

constexpr DrawSpec normal_poisson{11, Moves::normal, FillProbability::poisson};
constexpr DrawSpec binomial_bernoulli{11, Moves::binomial, FillProbability::bernoulli};

struct Sums {
  double n = 0, x = 0, xx = 0, xxxx = 0;
  void add(double value) {
    n += 1, x += value, xx += value * value, xxxx += value * value * value * value;
  }
};

/// Probability of a fill where lambda dt is just enough for this threshold.
double fill_probability(double threshold, const DrawSpec& spec) {
  const double mean = std::exp(-threshold);
  return spec.probability == FillProbability::poisson ? -std::expm1(-mean) : mean;
}

}  // namespace

TEST_CASE("normal moves have the moments of the standard normal law", "[market]") {
  Sums sums;
  for (std::uint64_t group = 0; group < 40; ++group) {
    DrawStream<float> stream(normal_poisson, group * lane_count, 100);
    stream.advance(100);
    for (int i = 0; i < 100; ++i)
      for (int lane = 0; lane < lane_count; ++lane)
        sums.add(static_cast<double>(stream.step(i).move[lane]));
  }
  const double root = std::sqrt(sums.n);
  REQUIRE(std::abs(sums.x / sums.n) < 4.5 / root);
  REQUIRE(std::abs(sums.xx / sums.n - 1.0) < 4.5 * std::sqrt(2.0) / root);
  REQUIRE(std::abs(sums.xxxx / sums.n - 3.0) < 4.5 * std::sqrt(96.0) / root);
}

TEST_CASE("a side is filled with the probability that its convention states", "[market]") {
  for (const auto spec : {normal_poisson, binomial_bernoulli}) {
    for (const double mean : {0.001, 0.05, 0.7}) {
      double fills = 0, n = 0;
      for (std::uint64_t group = 0; group < 60; ++group) {
        DrawStream<float> stream(spec, group * lane_count, 100);
        stream.advance(100);
        for (int i = 0; i < 100; ++i)
          for (int lane = 0; lane < lane_count; ++lane, n += 2) {
            fills += static_cast<float>(-std::log(mean)) < stream.step(i).bid_threshold[lane];
            fills += static_cast<float>(-std::log(mean)) < stream.step(i).ask_threshold[lane];
          }
      }
      const bool poisson = spec.probability == FillProbability::poisson;
      const double p = poisson ? -std::expm1(-mean) : mean;
      CAPTURE(mean, poisson, fills / n, p);
      REQUIRE(std::abs(fills / n - p) < 4.5 * std::sqrt(p * (1 - p) / n));
    }
  }
}

TEST_CASE("draws are those of the counter, whatever the chunks and lanes", "[market]") {
  DrawStream<double> whole(normal_poisson, 256, 30), pieces(normal_poisson, 256, 13);
  whole.advance(30);
  pieces.advance(13);
  pieces.advance(13);
  for (int i = 0; i < 13; ++i)
    for (int lane = 0; lane < lane_count; ++lane) {
      REQUIRE(whole.step(13 + i).move[lane] == pieces.step(i).move[lane]);
      REQUIRE(whole.step(13 + i).displacement[lane] == pieces.step(i).displacement[lane]);
      REQUIRE(whole.step(13 + i).ask_threshold[lane] == pieces.step(i).ask_threshold[lane]);
    }
  const auto words = philox({256 + 5, 0, 17, 0}, 11);
  const double v = ((words[1] >> 1) + 0.5) / 2147483648.0;
  REQUIRE(whole.step(17).bid_threshold[5] == Approx(-std::log(-std::log1p(-v))).epsilon(1e-12));
}

TEST_CASE("the displacement is the sum of the moves before", "[market]") {
  DrawStream<double> stream(binomial_bernoulli, 0, 50);
  stream.advance(50);
  for (int lane = 0; lane < lane_count; ++lane) {
    double sum = 0;
    for (int i = 0; i < 50; ++i) {
      REQUIRE(stream.step(i).displacement[lane] == sum);
      REQUIRE(std::abs(stream.step(i).move[lane]) == 1.0);
      sum += stream.step(i).move[lane];
    }
  }
}

TEST_CASE("single and double draws differ by rounding only", "[market]") {
  for (const auto spec : {normal_poisson, binomial_bernoulli}) {
    DrawStream<float> single(spec, 0, 200);
    DrawStream<double> reference(spec, 0, 200);
    single.advance(200);
    reference.advance(200);
    for (int i = 0; i < 200; ++i)
      for (int lane = 0; lane < lane_count; ++lane) {
        const auto a = single.step(i);
        const auto b = reference.step(i);
        REQUIRE(static_cast<double>(a.move[lane]) ==
                Approx(b.move[lane]).epsilon(1e-6).margin(1e-9));
        REQUIRE(fill_probability(static_cast<double>(a.bid_threshold[lane]), spec) ==
                Approx(fill_probability(b.bid_threshold[lane], spec)).epsilon(1e-6).margin(1e-7));
      }
  }
}
