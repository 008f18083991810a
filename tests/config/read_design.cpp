#include "config/studies.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

using Values = std::vector<double>;

Design design_of(const std::string& text) {
  return parse_study(text, "s.yaml").design;
}

}  // namespace

TEST_CASE("a mapping is a grid in the order of the study, by bare or whole names", "[config]") {
  const auto design = design_of("sweep: {risk.q_max: [3, 1], gamma: {log: [1, 100], points: 3}}");
  CHECK(design.kind == DesignKind::grid);
  REQUIRE(design.axes.size() == 2);
  CHECK(design.axes[0].parameter == "risk.q_max");
  CHECK(design.axes[0].values == Values{3, 1});
  CHECK(design.axes[1].parameter == "strategy.gamma");
  CHECK(design.axes[1].values == Values{1, 10, 100});
  CHECK(design_of("sweep: {}").size() == 1);
  CHECK(design_of("sweep: {gamma: {linear: [5, 9], points: 1}}").axes[0].values == Values{5});
}

TEST_CASE("a sequence is a list of points, whatever the order of their parameters", "[config]") {
  const auto design = design_of("sweep:\n  - {gamma: 1, k: 2}\n  - {fills.k: 4, gamma: 3}\n");
  CHECK(design.kind == DesignKind::list);
  REQUIRE(design.axes.size() == 2);
  CHECK(design.axes[0].parameter == "strategy.gamma");
  CHECK(design.axes[0].values == Values{1, 3});
  CHECK(design.axes[1].values == Values{2, 4});
}

TEST_CASE("an axis that cannot be is refused with its place", "[config]") {
  check_messages({
      {"sweep:\n  gama: [1]", {"s.yaml:2:", "unknown parameter 'gama'", "did you mean 'gamma'?"}},
      {"sweep: {probability: [1]}", {"s.yaml:1: sweep.probability = 1", "poisson, bernoulli"}},
      {"sweep: {probability: [poisson, poisson]}",
       {"sweep.probability", "poisson stands there twice"}},
      {"sweep: {probability: {linear: [poisson, bernoulli], points: 2}}",
       {"sweep.probability.linear", "is for numbers"}},
      {"sweep: {floor_quotes: [1]}", {"sweep.floor_quotes = 1", "true or false"}},
      {"sweep: {quantiles: [always]}", {"sweep.quantiles", "is the same for all points"}},
      {"sweep: {gamma: []}", {"s.yaml:1: sweep.gamma = []", "has no values"}},
      {"sweep: {gamma: 3}", {"sweep.gamma = 3", "must be a list of values"}},
      {"sweep: {gamma: [1, 2, 1]}", {"sweep.gamma = [1, 2, 1]", "1 stands there twice"}},
      {"sweep: {gamma: [1, 1.0]}", {"1 stands there twice"}},
      {"sweep: {gamma: {linear: [1, 1], points: 2}}", {"1 stands there twice"}},
      {"sweep:\n  gamma: [1]\n  strategy.gamma: [2]",
       {"s.yaml:3: sweep.strategy.gamma = [2]", "strategy.gamma is swept twice"}},
      {"sweep:\n  gamma:\n    - 1\n    - -1", {"s.yaml:4: sweep.gamma = -1 (must be > 0"}},
      {"sweep: {gamma: {linear: [-1, 1], points: 3}}", {"sweep.gamma.linear = -1", "must be > 0"}},
      {"sweep: {gamma: [1, .nan]}", {"sweep.gamma = .nan", "must be a finite number"}},
      {"sweep: {gamma: [1, [2]]}", {"sweep.gamma = [2]", "must be a number"}},
      {"sweep: {open_orders: [1, 1.5]}", {"sweep.open_orders = 1.5", "whole number"}},
      {"sweep: {lookback: {linear: [10, 21], points: 3}}",
       {"signal.lookback = 15.5", "whole number"}},
  });
}

TEST_CASE("a spaced axis needs two ends and a number of points", "[config]") {
  check_messages({
      {"sweep: {gamma: {log: [1, 10]}}", {"s.yaml:1: sweep.gamma", "needs 'linear' or 'log'"}},
      {"sweep: {gamma: {points: 3}}", {"needs 'linear' or 'log'"}},
      {"sweep: {gamma: {log: [1, 2, 3], points: 3}}", {"sweep.gamma.log", "two ends"}},
      {"sweep: {gamma: {log: 1, points: 3}}", {"sweep.gamma.log = 1", "two ends"}},
      {"sweep: {gamma: {log: [0, 1], points: 3}}", {"sweep.gamma.log = 0", "must be > 0"}},
      {"sweep: {sigma: {log: [0, 1], points: 3}}", {"both ends of 'log' must be > 0"}},
      {"sweep: {gamma: {log: [1, 9], points: 2.5}}", {"sweep.gamma.points = 2.5", "whole number"}},
      {"sweep: {gamma: {log: [1, 9], points: 0}}", {"sweep.gamma.points = 0", "must be from 1"}},
      {"sweep: {gamma: {log: [1, 9], linear: [1, 9], points: 3}}", {"sweep.gamma.linear"}},
      {"sweep: {gamma: {log: [1, 9], point: 3}}", {"sweep.gamma.point = 3", "unknown key"}},
      {"sweep: {gamma: {linear: [1, 9], points: 1e9}}", {"points = 1e9", "to 1e+07"}},
      {"sweep:\n  gamma: {linear: [1, 9], points: 1e5}\n  k: {linear: [1, 9], points: 1e4}",
       {"s.yaml:3: sweep.k", "more than 10000000 points"}},
  });
}

TEST_CASE("every point of a list names the same parameters, each once", "[config]") {
  check_messages({
      {"sweep:\n  - {gamma: 1, k: 2}\n  - {gamma: 1}", {"s.yaml:3:", "lacks fills.k"}},
      {"sweep:\n  - {gamma: 1}\n  - {gamma: 1, k: 2}",
       {"s.yaml:3: sweep.k = 2", "same parameters"}},
      {"sweep:\n  - {gamma: 1, strategy.gamma: 2}", {"s.yaml:2:", "each once"}},
      {"sweep:\n  - {gamma: 1, gamma: 2}", {"s.yaml:2: sweep.gamma = 2", "twice"}},
      {"sweep:\n  - {gama: 1}", {"s.yaml:2:", "did you mean 'gamma'?"}},
      {"sweep:\n  - {name: symetric}", {"s.yaml:2: sweep.name = symetric", "must be one of"}},
      {"sweep:\n  - {model: brownian}", {"sweep.model", "is the same for all points"}},
      {"sweep:\n  - {gamma: -1}", {"s.yaml:2: sweep.gamma = -1", "must be > 0"}},
      {"sweep:\n  - 5", {"s.yaml:2: sweep = 5", "must be a mapping"}},
      {"sweep: []", {"s.yaml:1: sweep = []", "has no points"}},
      {"sweep:\n  - {gamma: 1}\n  - {}", {"s.yaml:3: sweep = {}", "names no parameters"}},
      {"sweep:\n  - {}\n  - {gamma: 1}", {"s.yaml:2: sweep = {}", "names no parameters"}},
  });
}
