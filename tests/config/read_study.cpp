#include "config/read_study.hpp"

#include <filesystem>
#include <fstream>
#include <random>

#include "config/studies.hpp"
#include "experiment/parameter.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

/// The study of the design document.
constexpr const char* quickstart = R"(study: quickstart
market:   {model: brownian, initial_price: 100, sigma: 2, T: 1, dt: 0.005, moves: normal}
fills:    {A: 140, k: 1.5, probability: bernoulli}
strategy: {name: avellaneda_stoikov, gamma: 0.1}
risk:     {q_max: 10}
account:  {capital: 1000}
sweep:                                   # an axis overrides the scenario's own value
  gamma: {log: [0.01, 1], points: 9}
  k:     [1.0, 1.5, 2.0]
  A:     {linear: [100, 180], points: 3}
  q_max: [3, 5, 10]
paths: 100000
seed: 1
output: quickstart.h5
)";

/// A file that is there as long as the object.
class File {
 public:
  File(const std::string& name, const std::string& text)
      : path_(std::filesystem::temp_directory_path() /
              (name + std::to_string(std::random_device()()))) {
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~File() { std::filesystem::remove(path_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace

TEST_CASE("the study of the design document means what it says", "[config]") {
  const Study study = parse_study(quickstart, "quickstart.yaml");
  CHECK(study.name == "quickstart");
  CHECK(study.output == "quickstart.h5");
  CHECK(study.paths == 100'000);
  CHECK(study.seed == 1);
  CHECK(study.yaml == quickstart);
  CHECK(study.scenario.market.sigma == 2.0);
  CHECK(study.scenario.market.dt == 0.005);
  CHECK(study.scenario.market.moves == Moves::normal);
  CHECK(study.scenario.fills.arrival_rate == 140.0);
  CHECK(study.scenario.fills.decay == 1.5);
  CHECK(study.scenario.fills.probability == FillProbability::bernoulli);
  CHECK(study.scenario.strategy.name == StrategyName::avellaneda_stoikov);
  CHECK(study.scenario.risk.q_max == 10);
  CHECK(study.scenario.account.capital == 1000.0);
  REQUIRE(study.design.axes.size() == 4);
  CHECK(study.design.kind == DesignKind::grid);
  CHECK(study.design.size() == 9 * 3 * 3 * 3);
  CHECK(study.design.axes[0].parameter == "strategy.gamma");
  CHECK(study.design.axes[0].values[4] == 0.1);
  CHECK(study.design.axes[1].parameter == "fills.k");
  CHECK(study.design.axes[2].values == std::vector<double>{100, 140, 180});
  CHECK(study.design.axes[3].values == std::vector<double>{3, 5, 10});
}

TEST_CASE("what a study leaves out has its default", "[config]") {
  const Study study = parse_study("{}", "s.yaml");
  Study usual;
  settle(usual);
  for (const auto& parameter : parameters())
    CHECK(parameter.get(study.scenario) == parameter.get(usual.scenario));
  CHECK(study.design.size() == 1);
  CHECK(study.block == 1024);
  CHECK(study.common_random_numbers);
  CHECK(study.precision == Precision::single_);
  CHECK(study.scenario.fills.probability == FillProbability::poisson);
  CHECK(study.output == "study.h5");
  CHECK(parse_study("study: fine", "s.yaml").output == "fine.h5");
}

namespace {

/// A study that sets a parameter, and what it takes for it to apply ("section.key: choice").
std::string text_with(const Parameter& parameter, double value) {
  const auto set = fmt::format("{}: {}", parameter.key(), value_text(parameter, value));
  const auto all = parameter.applies_where(), where = all.substr(0, all.find(" or "));
  std::string text = "risk: {q_max: 10}\n";
  if (parameter.section() == "risk") return fmt::format("risk: {{{}}}", set);
  if (where.empty()) return text + fmt::format("{}: {{{}}}", parameter.section(), set);
  const auto section = where.substr(0, where.find('.')), key = where.substr(section.size() + 1);
  if (section == parameter.section())
    return text + fmt::format("{}: {{{}, {}}}", section, key, set);
  return text + fmt::format("{}: {{{}}}\n{}: {{{}}}", section, key, parameter.section(), set);
}

}  // namespace

TEST_CASE("every parameter and every other key of a study is read", "[config]") {
  const Study study = parse_study(
      "{block: 64, seed: 9e15, common_random_numbers: false, precision: double, paths: +1e6}", "");
  CHECK(study.block == 64);
  CHECK(study.seed == 9'000'000'000'000'000);
  CHECK_FALSE(study.common_random_numbers);
  CHECK(study.precision == Precision::double_);
  CHECK(study.paths == 1'000'000);
  for (const auto& parameter : parameters()) {
    INFO(parameter.name);
    // Those of a tape are read in tests/replay/test_replay_runs.py.
    if (parameter.engines == Engines::replay) continue;
    for (const double value : {0.0, 1.0}) {
      if (!value_problem(parameter, value).empty()) continue;
      const auto text = text_with(parameter, value);
      Study meant;
      parameter.set(meant.scenario, value);
      settle(meant);
      const Study one = parse_study(text, "s.yaml");
      CHECK(parameter.get(one.scenario) == parameter.get(meant.scenario));
    }
  }
}

TEST_CASE("an unknown key is an error with a suggestion", "[config]") {
  check_messages({
      {"study: x\nstartegy: {gamma: 1}", {"s.yaml:2:", "'startegy'", "did you mean 'strategy'?"}},
      {"study: x\nmarket:\n  sigma: 3\n  sigmma: 3",
       {"s.yaml:4:", "'sigmma' in market", "did you mean 'sigma'?"}},
      {"path: 5", {"s.yaml:1:", "'path' in the study", "did you mean 'paths'?"}},
      {"strategy: {k: 1}", {"s.yaml:1:", "'k' in strategy", "it belongs in fills"}},
      {"gamma: 1", {"s.yaml:1:", "'gamma' in the study", "it belongs in strategy"}},
      {"risk: {insurance: 1}", {"'insurance' in risk", "choose one of: q_max"}},
  });
}

TEST_CASE("a value of the wrong kind is an error with its place, key and value", "[config]") {
  check_messages({
      {"\nstrategy:\n  gamma: abc", {"s.yaml:3: strategy.gamma = abc", "must be a finite number"}},
      {"strategy: {gamma: \"0.1\"}", {"strategy.gamma = 0.1", "without quotes"}},
      {"strategy: {gamma: !!str 0.1}", {"strategy.gamma = ", "without a tag"}},
      {"strategy:\n  gamma:\n    - 1\n    - a: 2",
       {"s.yaml:2: strategy.gamma = [1, {a: 2}] (must be a number)"}},
      {"paths: &a [*a]", {"s.yaml:1: not valid YAML: an alias stands inside of its anchor"}},
      {"paths: éééééééééééééééééééééééééééééééé", {"paths = ééééé", "éé... (must be"}},
      {"strategy: {gamma: [1, 2]}", {"s.yaml:1: strategy.gamma = [1, 2]", "must be a number"}},
      {"strategy: {gamma: }", {"strategy.gamma = ~", "must be a number"}},
      {"strategy: {gamma: 0x10}", {"strategy.gamma = 0x10", "must be a finite number"}},
      {"strategy: {gamma: 1 000}", {"strategy.gamma = 1 000", "must be a finite number"}},
      {"strategy: {floor_quotes: 1}", {"strategy.floor_quotes = 1", "must be true or false"}},
      {"strategy: {name: symmetrical}",
       {"strategy.name = symmetrical", "avellaneda_stoikov, symmetric", "did you mean"}},
      {"strategy: {name: [symmetric]}", {"strategy.name", "must be a name"}},
      {"strategy: {floor_quotes: \"true\"}", {"strategy.floor_quotes = true", "without quotes"}},
      {"precision: half", {"precision = half", "auto, single or double"}},
      {"common_random_numbers: 2", {"common_random_numbers = 2", "true or false"}},
      {"study: x\nmarket:\npaths: 3", {"s.yaml:2: market = ~", "must be a mapping"}},
      {"market: 3", {"s.yaml:1: market = 3", "must be a mapping"}},
      {"sweep: 3", {"s.yaml:1: sweep = 3", "list of points"}},
      {"study: ''", {"s.yaml:1: study = ", "must be a name"}},
      {"study: [x]", {"s.yaml:1: study = [x]", "must be a name"}},
      {"study: |\n  a\n  b", {"s.yaml:1: study = \"a\\nb\"", "on one line"}},
      {"output: \"a\\0b\"", {"s.yaml:1: output = \"a\\x00b\"", "without control characters"}},
  });
}

TEST_CASE("a value out of range is an error that says what is allowed", "[config]") {
  check_messages({
      {"strategy: {gamma: -0.1}", {"s.yaml:1: strategy.gamma = -0.1", "must be > 0"}},
      {"strategy: {gamma: 0}", {"strategy.gamma = 0", "must be > 0"}},
      {"market: {sigma: -1}", {"market.sigma = -1", "must be from 0"}},
      {"account: {maker_fee: 2}", {"account.maker_fee = 2", "from -1 to 1"}},
      {"risk: {open_orders: 1.5}", {"risk.open_orders = 1.5", "whole number"}},
      {"risk: {q_max: 0}", {"risk.q_max = 0", "must be > 0, or .inf"}},
      {"risk: {q_max: -.inf}", {"risk.q_max = -.inf", "must be a finite number"}},
      {"sweep: {q_max: {linear: [1, .inf], points: 3}}",
       {"sweep.q_max", "both ends must be finite"}},
      {"strategy: {gamma: .nan}", {"strategy.gamma = .nan", "must be a finite number"}},
      {"strategy: {gamma: .inf}", {"strategy.gamma = .inf", "must be a finite number"}},
      {"strategy: {gamma: nan}", {"strategy.gamma = nan", "must be finite"}},
      {"strategy: {gamma: -inf}", {"strategy.gamma = -inf", "must be finite"}},
      {"strategy: {gamma: 1e400}", {"strategy.gamma = 1e400", "out of the range"}},
      {"paths: 1.5", {"s.yaml:1: paths = 1.5", "whole number"}},
      {"paths: 0", {"paths = 0", "must be from 1"}},
      {"paths: -5", {"paths = -5", "must be from 1"}},
      {"paths: 1e13", {"paths = 1e13", "to 1e+12"}},
      {"paths: lots", {"paths = lots", "must be a finite number"}},
      {"block: 2e6", {"block = 2e6", "must be from 1"}},
      {"seed: 1e16", {"seed = 1e16", "must be from 0"}},
      {"seed: -1", {"seed = -1", "must be from 0"}},
      {"paths: 1e12\nsweep: {gamma: {linear: [1, 2], points: 2e6}}",
       {"s.yaml:1: paths = 1e12", "at 2000000 points that makes 2e+18 paths", "at most 1e+18"}},
  });
}

TEST_CASE("a horizon or clock that is no whole number of steps is found in its place", "[config]") {
  check_messages({
      {"study: x\nmarket: {sigma: 1}\nmetrics: {clock: 0.3}", {"s.yaml:3: metrics.clock = 0.3"}},
      {"market:\n  T: 1\n  dt: 0.3", {"s.yaml:3: market.T = 1 and market.dt = 0.3", "dt = T/n"}},
      {"study: x\nmarket: {dt: 0.3}", {"s.yaml:2: market.T = 1 and market.dt = 0.3"}},
      {"sweep:\n  gamma: [1]\n  dt: [0.1, 0.3]", {"s.yaml:3: point 1 (", "market.dt = 0.3)"}},
      {"sweep:\n  - {dt: 0.3}", {"s.yaml:1: point 0 (market.dt = 0.3)"}},
      {"market:\n  dt: 0.005\nsweep:\n  T: [1, 1.001]", {"s.yaml:4: point 1 (market.T = 1.001)"}},
      {"market: {T: 1}", {"--set dt=0.3: market.T = 1 and market.dt = 0.3"}, {"dt=0.3"}},
      {"strategy: {name: glft}\nrisk:\n  q_max: 1e5", {"s.yaml:3: risk.q_max = 100000"}},
  });
}

TEST_CASE("a parameter that does nothing in this scenario is refused", "[config]") {
  check_messages({
      {"strategy: {half_spread: average}",
       {"s.yaml:1: strategy.half_spread = average", "only with strategy.name: symmetric"}},
      {"strategy: {half_spread: current, name: avellaneda_stoikov}", {"does nothing here"}},
  });
  CHECK(problem("strategy: {half_spread: average, name: symmetric}") == "");
}

TEST_CASE("a key that stands there twice is refused on every level", "[config]") {
  check_messages({
      {"paths: 5\npaths: 6", {"s.yaml:2: paths = 6", "twice"}},
      {"market:\n  sigma: 1\n  sigma: 1", {"s.yaml:3: market.sigma = 1", "twice"}},
      {"sweep:\n  gamma: [1]\n  gamma: [2]", {"s.yaml:3: sweep.gamma = [2]", "twice"}},
  });
}

TEST_CASE("what is not one YAML mapping is refused", "[config]") {
  check_messages({
      {"market: {sigma: 1", {"s.yaml:", "not valid YAML"}},
      {"study: x\na: b: c", {"s.yaml:2: not valid YAML"}},
      {"# a list\n- 1\n- 2", {"s.yaml:2: the study = [1, 2]", "must be a mapping"}},
      {"just words", {"s.yaml:1: the study = just words", "must be a mapping"}},
      {"", {"s.yaml: holds nothing", "must be a mapping"}},
      {"# nothing\n", {"s.yaml: holds nothing"}},
      {"paths: 5\n---\npaths: 6", {"s.yaml:3: begins one of 2 YAML documents", "must be one"}},
      {"{[1]: 2}", {"s.yaml:1: the study = {[1]: 2}", "every key must be a name"}},
  });
}

TEST_CASE("bytes that are not text are refused with their line", "[config]") {
  const auto not_text = [](const std::string& byte) {
    return problem("study: x\n# " + byte + "\npaths: 5");
  };
  for (const std::string& bytes :
       {std::string(1, '\0'), std::string("\x01"), std::string("\x7f"), std::string("\xff"),
        std::string("\xc3"), std::string("\xe9t\xe9"), std::string("\xf0\x9f\x98"),
        std::string("\x80")})
    CHECK_THAT(not_text(bytes), Catch::Matchers::StartsWith("s.yaml:2: holds the byte 0x"));
  CHECK(not_text("\t tab, é, 漢字, 😀\r") == "");
  CHECK_THAT(problem("{}", {"study=\xff"}), Catch::Matchers::Contains("holds the byte 0xff"));
}

TEST_CASE("a file that cannot be a study is named", "[config]") {
  const File good("good", quickstart), binary("binary", std::string("a\0b", 3));
  CHECK(same_study(read_study(good.path(), {}), parse_study(quickstart, "")));
  const auto check = [](const std::string& path, const std::string& problem) {
    CHECK_THROWS_WITH(read_study(path, {}), Catch::Matchers::StartsWith(path + problem));
  };
  check(binary.path(), ":1: holds the byte 0x00, which is not text");
  check("no/such.yaml", ": no such file. Check the name");
  check(std::filesystem::temp_directory_path().string(), ": is a folder, not a study");
  check("/proc/self/mem", ": cannot be read: ");
  check("/dev/zero", ": is larger than 100 MB");
  check(std::string(5000, 'x'), ": cannot be read: ");
}

TEST_CASE("reading a study leaves its text as it was set", "[config]") {
  const std::vector<std::string> set{"paths=60000", "block=2000", "seed=3"};
  const auto study = parse_study("paths: 100\nblock: 50\n", "s.yaml", set);
  const auto again = parse_study(study.yaml, "s.yaml");
  CHECK(again.paths == 60000);
  CHECK(again.block == 2000);
  CHECK(resolved_text(again) == resolved_text(study));
}
