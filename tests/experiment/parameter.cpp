#include "experiment/parameter.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "base/error.hpp"

using namespace quotesweep;
using Catch::Matchers::Contains;

TEST_CASE("every parameter has a whole name of its own and a bare one too", "[experiment]") {
  std::set<std::string_view> names, keys;
  for (const auto& parameter : parameters()) {
    INFO(parameter.name);
    CHECK(names.insert(parameter.name).second);
    CHECK(keys.insert(parameter.key()).second);
    CHECK(std::string(parameter.section()) + "." + std::string(parameter.key()) == parameter.name);
    CHECK(&find_parameter(parameter.name) == &parameter);
    CHECK(&find_parameter(parameter.key()) == &parameter);
  }
  CHECK(names.size() > 15);
}

TEST_CASE("what is set in a scenario is got back, and nothing else changes", "[experiment]") {
  for (const auto& parameter : parameters()) {
    for (const double value : {parameter.range.low, parameter.range.high, 1.0}) {
      if (!parameter.range.contains(value)) continue;
      INFO(parameter.name << " = " << value);
      Scenario scenario;
      parameter.set(scenario, value);
      CHECK(parameter.get(scenario) == value);
      for (const auto& other : parameters())
        if (&other != &parameter) CHECK(other.get(scenario) == other.get(Scenario{}));
    }
  }
}

TEST_CASE("defaults are allowed values and every parameter says what it is", "[experiment]") {
  for (const auto& parameter : parameters()) {
    INFO(parameter.name);
    CHECK(value_problem(parameter, parameter.get(Scenario{})) == "");
    CHECK_FALSE(parameter.meaning.empty());
    CHECK(parameter.is_number() != parameter.unit.empty());
    CHECK((parameter.kind == ParameterKind::choice) == !parameter.choices.empty());
    CHECK((parameter.applies(Scenario{}) || !parameter.applies_where().empty()));
  }
}

TEST_CASE("a choice is written by its name, a flag as true or false", "[experiment]") {
  for (const auto& parameter : parameters())
    for (std::size_t i = 0; i < parameter.choices.size(); ++i)
      CHECK(value_text(parameter, static_cast<double>(i)) == parameter.choices[i]);
  CHECK(value_text(find_parameter("floor_quotes"), 1.0) == "true");
  CHECK(value_text(find_parameter("floor_quotes"), 0.0) == "false");
  CHECK(value_text(find_parameter("gamma"), 0.1) == "0.1");
  CHECK(value_text(find_parameter("fills.probability"), 1.0) == "bernoulli");
}

TEST_CASE("values out of range, not finite or not whole are named a problem", "[experiment]") {
  constexpr double infinity = HUGE_VAL;
  for (const auto& parameter : parameters())
    for (const double value : {std::nan(""), infinity, -infinity, 1e300, -1e300}) {
      INFO(parameter.name << " = " << value);
      if (parameter.range.high == infinity && value > 0.0)
        CHECK(value_problem(parameter, value) == "");
      else
        CHECK_THAT(value_problem(parameter, value), Contains("must be"));
    }
  const auto& gamma = find_parameter("gamma");
  CHECK(value_problem(gamma, 1e-9) == "");
  CHECK_THAT(value_problem(gamma, 0.0), Contains("must be > 0"));
  CHECK(value_problem(find_parameter("sigma"), 0.0) == "");
  CHECK_THAT(value_problem(find_parameter("sigma"), -0.1), Contains("from 0"));
  CHECK(value_problem(find_parameter("q_max"), 1.0) == "");
  CHECK_THAT(value_problem(find_parameter("q_max"), 0.0), Contains("must be > 0, or .inf"));
  CHECK(value_problem(find_parameter("q_max"), 2.5) == "");
  CHECK(value_text(find_parameter("q_max"), infinity) == ".inf");
  CHECK(value_problem(find_parameter("orders.life"), 2.5) == "must be a whole number");
}

TEST_CASE("a mistyped parameter brings a suggestion, a far-off one does not", "[experiment]") {
  CHECK_THROWS_WITH(find_parameter("gama"), "unknown parameter 'gama'; did you mean 'gamma'?");
  CHECK_THROWS_WITH(find_parameter("risk.qmax"),
                    "unknown parameter 'risk.qmax'; did you mean 'risk.q_max'?");
  CHECK_THROWS_WITH(find_parameter("liquidity_premium"),
                    "unknown parameter 'liquidity_premium'; `quotesweep describe` lists them all");
  CHECK_THROWS_AS(find_parameter(""), Error);
}

TEST_CASE("a bare name that several parameters share is ambiguous, whole ones are not",
          "[experiment]") {
  const auto named = [](std::string_view name) {
    Parameter parameter = find_parameter("gamma");
    parameter.name = name;
    return parameter;
  };
  const Parameter among[] = {named("fills.scale"), named("risk.limit"), named("risk.scale")};
  CHECK_THROWS_WITH(find_parameter(among, "scale"),
                    "parameter 'scale' is ambiguous; write fills.scale or risk.scale");
  CHECK(&find_parameter(among, "risk.scale") == &among[2]);
  CHECK(&find_parameter(among, "limit") == &among[1]);
  CHECK_THROWS_WITH(find_parameter(among, "scales"),
                    "unknown parameter 'scales'; did you mean 'scale'?");
}
