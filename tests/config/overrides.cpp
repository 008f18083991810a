#include "config/overrides.hpp"

#include "config/studies.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

using Values = std::vector<double>;

constexpr const char* base = R"(study: "a name"
strategy: {gamma: 0.1}  # a comment
sweep:
  strategy.gamma: {log: [0.1, 10], points: 3}
  k: [1, 2]
output: 'a: b.h5'
)";

Study with(const std::vector<std::string>& overrides, const std::string& text = base) {
  return parse_study(text, "s.yaml", overrides);
}

}  // namespace

TEST_CASE("any key can be set, by its bare or whole name, the last one wins", "[config]") {
  const auto study = with({"paths=1e6", "sigma=3", "market.T=2", "fills.probability=bernoulli",
                           "study=other", "output=x=y.h5", "seed=5", "seed=6"});
  CHECK(study.paths == 1'000'000);
  CHECK(study.scenario.market.sigma == 3.0);
  CHECK(study.scenario.market.horizon == 2.0);
  CHECK(study.scenario.fills.probability == FillProbability::bernoulli);
  CHECK(study.name == "other");
  CHECK(study.output == "x=y.h5");
  CHECK(study.seed == 6);
  CHECK(study.design.size() == 6);
}

TEST_CASE("a whole section replaces what the study says of it", "[config]") {
  const auto study = with({"market={sigma: 3}", "market.dt=0.1"}, "market: {T: 7}");
  CHECK(study.scenario.market.sigma == 3.0);
  CHECK(study.scenario.market.dt == 0.1);
  CHECK(study.scenario.market.horizon == PriceProcess{}.horizon);
}

TEST_CASE("an axis is replaced in its place, whatever it is called", "[config]") {
  for (const auto* name : {"gamma", "strategy.gamma"}) {
    for (const auto* text : {"sweep: {gamma: [1, 2], k: [1]}",
                             "sweep: {strategy.gamma: {log: [1, 2], points: 3}, k: [1]}"}) {
      const auto design = with({fmt::format("sweep.{}=[5, 6, 7]", name)}, text).design;
      REQUIRE(design.axes.size() == 2);
      CHECK(design.axes[0].parameter == "strategy.gamma");
      CHECK(design.axes[0].values == Values{5, 6, 7});
      CHECK(design.axes[1].parameter == "fills.k");
    }
  }
}

TEST_CASE("axes can be added, changed in part, and replaced by others", "[config]") {
  CHECK(with({"sweep.q_max=[1, 2]"}).design.axes.back().parameter == "risk.q_max");
  CHECK(with({"sweep.gamma.points=5"}).design.axes[0].values.size() == 5);
  CHECK(with({"sweep.strategy.gamma.log=[1, 4]"}).design.axes[0].values == Values{1, 2, 4});
  CHECK(with({"sweep={A: [100, 200]}"}).design.size() == 2);
  CHECK(with({"sweep=[{A: 100}, {A: 200}, {A: 300}]"}).design.kind == DesignKind::list);
  CHECK(with({"sweep.gamma=[0.5]"}, "sweep:").design.size() == 1);
  CHECK(with({"sweep.gamma=[0.5, 0.6]"}, "{}").design.size() == 2);
}

TEST_CASE("a study with overrides is written so that it reads the same again", "[config]") {
  for (const std::vector<std::string>& overrides :
       {std::vector<std::string>{"paths=1e6"},
        {"sweep.gamma=[0.1, 0.30000000000000004]", "name=symmetric", "half_spread=average"},
        {"sweep=[{A: 100, k: 1e-3}, {k: 2, A: 1.5e2}]", "floor_quotes=true"},
        {"study='a: b # c'", "account={capital: 1e5, maker_fee: -0.0001}", "precision=double"},
        {"market.dt=0.1", "seed=9e15", "common_random_numbers=no", "output=\"0.1\""}}) {
    const auto study = with(overrides);
    INFO(study.yaml);
    CHECK(same_study(parse_study(study.yaml, "again"), study));
    CHECK_FALSE(same_study(with({}), study));
  }
  CHECK(with({}).yaml == base);
}

TEST_CASE("an override that cannot be is refused by its own name", "[config]") {
  check_messages({
      {base, {"--set paths: must be KEY=VALUE", "such as"}, {"paths"}},
      {base, {"--set =3: must be KEY=VALUE"}, {"=3"}},
      {base, {"--set paths=: paths = ~", "must be a number"}, {"paths="}},
      {base, {"--set paths=[1", "not valid YAML"}, {"paths=[1"}},
      {base, {"--set paths=1 --- 2", "must be"}, {"paths=1 --- 2"}},
      {base,
       {"--set liquidity=1: unknown key 'liquidity'; `quotesweep describe`"},
       {"liquidity=1"}},
      {base, {"--set path=1: unknown key 'path'", "did you mean 'paths'?"}, {"path=1"}},
      {base, {"--set gama=1: unknown key 'gama'", "did you mean 'gamma'?"}, {"gama=1"}},
      {base, {"--set foo.bar=1: unknown key 'foo.bar'"}, {"foo.bar=1"}},
      {base, {"--set risk.qmax=1:", "did you mean 'q_max'?"}, {"risk.qmax=1"}},
      {base, {"--set market.sigma.x=3: unknown key 'sigma.x' in market"}, {"market.sigma.x=3"}},
      {base, {"--set sigma=-1: market.sigma = -1", "must be from 0"}, {"sigma=-1"}},
      {base, {"--set sweep.kk=[1]: unknown parameter 'kk'"}, {"sweep.kk=[1]"}},
      {base, {"--set sweep.A.points=3: sweep.A = {points: 3}", "needs"}, {"sweep.A.points=3"}},
      {base, {"--set sweep.k.points=3: sweep.k is not a mapping"}, {"sweep.k.points=3"}},
      {"market: 5", {"--set sigma=3: market is not a mapping in s.yaml"}, {"sigma=3"}},
      {"sweep: [{k: 1}]", {"--set sweep.A=[1]: the sweep is a list"}, {"sweep.A=[1]"}},
  });
}

TEST_CASE("the scalar of a swept parameter cannot be set, and the hint works", "[config]") {
  check_messages({
      {base, {"--set gamma=0.2: strategy.gamma is swept", "'sweep.gamma=[0.2]'"}, {"gamma=0.2"}},
      {base, {"strategy.gamma is swept"}, {"strategy.gamma=0.2"}},
      {"sweep: [{k: 1}]", {"--set k=2: fills.k is swept", "'sweep=[{k: 2, ...}, ...]'"}, {"k=2"}},
      {"{}", {"strategy.gamma is swept"}, {"sweep.gamma=[1]", "gamma=2"}},
  });
  CHECK(with({"sweep.gamma=[0.2]"}).design.axes[0].values == Values{0.2});
  CHECK(problem("sweep: {gamma: [1]}", {"A=2"}) == "");
}
