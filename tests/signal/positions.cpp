#include <catch2/catch.hpp>
#include <utility>
#include <vector>

#include "signal/pair_signal.hpp"

using namespace quotesweep;

namespace {

/// A signal that all lanes feed with the same prices. After `learn`, y = slope x + middle + e was
/// seen over 12 steps, e = -+sd, the last at +sd.
class OnePair {
 public:
  explicit OnePair(const PairTerms& terms) : signal_(terms) {}

  void observe(double traded, double partner) {
    LaneArray<double> y, x;
    for (int lane = 0; lane < lane_count; ++lane) y[lane] = traded, x[lane] = partner;
    signal_.observe(y.values, x.values);
  }
  void learn(double slope, double sd, double middle = 0.0) {
    for (int i = 0; i < 12; ++i) {
      const double x = i % 4 < 2 ? 0.01 : -0.01;
      observe(slope * x + middle + (i % 2 == 0 ? -sd : sd), x);
    }
  }
  const PairSignal<double>* operator->() const { return &signal_; }

 private:
  PairSignal<double> signal_;
};

constexpr PairTerms always_open{.lookback = 12, .interval = 1000, .adf_pval_max = 1.0};

/// Directions after each of these z, which come once the relation is learnt.
std::vector<double> directions(const std::vector<double>& zs, const PairTerms& terms) {
  OnePair pair(terms);
  pair.learn(2.0, 0.1);
  std::vector<double> result;
  for (const double z : zs) {
    pair.observe(0.1 * z, 0.0);
    REQUIRE(pair->z()[0] == Approx(z).margin(1e-9));
    result.push_back(pair->direction()[77]);
  }
  return result;
}

}  // namespace

TEST_CASE("a position is taken at enter and closed below exit", "[signal]") {
  using D = std::vector<double>;
  REQUIRE(directions({1.0, 1.79, 1.81, 1.0, 0.51, 0.49, 1.0, 1.79}, always_open) ==
          D{0, 0, -1, -1, -1, 0, 0, 0});
  REQUIRE(directions({-1.79, -1.81, -0.51, -0.49, -1.79}, always_open) == D{0, 1, 1, 0, 0});
}

TEST_CASE("z that changes sides closes the position, or turns it if beyond enter", "[signal]") {
  using D = std::vector<double>;
  REQUIRE(directions({2.0, -1.0, -1.5}, always_open) == D{-1, 0, 0});
  REQUIRE(directions({2.0, -2.0, -1.0, 3.0}, always_open) == D{-1, 1, 1, -1});
}

TEST_CASE("with exit 0 a position lasts until z changes sides", "[signal]") {
  auto terms = always_open;
  terms.exit = 0.0;
  REQUIRE(directions({2.0, 0.01, -0.01}, terms) == std::vector<double>{-1, -1, 0});
}

TEST_CASE("the signal is against z and at most max_bias", "[signal]") {
  auto terms = always_open;
  terms.max_bias = 1.2;
  OnePair pair(terms);
  pair.learn(2.0, 0.1);
  for (const auto& [z, signal] : {std::pair{1.0, 0.0},
                                  {2.0, -1.2},
                                  {1.1, -1.1},
                                  {0.6, -0.6},
                                  {0.4, 0.0},
                                  {-3.0, 1.2},
                                  {-0.7, 0.7},
                                  {1.0, 0.0}}) {
    pair.observe(0.1 * z, 0.0);
    CAPTURE(z);
    REQUIRE(pair->signal()[5] == Approx(signal).margin(1e-9));
  }
}

TEST_CASE("a trade keeps the hedge with which it began", "[signal]") {
  auto terms = always_open;
  terms.interval = 12;
  OnePair pair(terms);
  pair.learn(2.0, 0.1);
  REQUIRE(pair->held_hedge_ratio()[0] == 0.0);
  pair.learn(3.0, 0.05, 0.3);  // z about 3 by the old estimate, then 1 by the new
  REQUIRE(pair->direction()[0] == -1.0);
  REQUIRE(pair->hedge_ratio()[0] == Approx(3.0));
  REQUIRE(pair->held_hedge_ratio()[0] == Approx(2.0));
  pair.observe(0.3 - 0.05 * 2.5, 0.0);  // z = -2.5: a new trade, the other way
  REQUIRE(pair->direction()[0] == 1.0);
  REQUIRE(pair->held_hedge_ratio()[0] == Approx(3.0));
  pair.observe(0.3, 0.0);
  REQUIRE(pair->held_hedge_ratio()[0] == 0.0);
}

TEST_CASE("a gate that closes ends the position, and prices at rest close it", "[signal]") {
  auto terms = always_open;
  terms.interval = 12;
  OnePair pair(terms);
  pair.learn(2.0, 0.1);
  for (int i = 0; i < 11; ++i) {
    pair.observe(0.25, 0.0);
    REQUIRE(pair->direction()[0] == -1.0);
  }
  pair.observe(0.25, 0.0);  // the window now holds nothing else
  REQUIRE(pair->gate()[0] == 0.0);
  REQUIRE(pair->direction()[0] == 0.0);
  REQUIRE(pair->signal()[0] == 0.0);
  REQUIRE(pair->hedge_ratio()[0] == 0.0);
  REQUIRE(pair->held_hedge_ratio()[0] == 0.0);
  REQUIRE(pair->z()[0] == 0.0);
  pair.observe(1e6, -1e6);
  REQUIRE(pair->z()[0] == 0.0);
}
