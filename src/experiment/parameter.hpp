#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario.hpp"

namespace quotesweep {

enum class ParameterKind { real, integer, flag, choice };

/// Which simulations a parameter is for.
enum class Engines { monte_carlo, replay, both };

/// Values that a number may take.
struct Range {
  double low;
  double high;
  enum class Low { included, excluded } low_is = Low::included;

  bool contains(double value) const;
  std::string text() const;  // such as "> 0" or "from 1 to 1e9"
};

/// A row of the one table of parameters, which serves reading, sweeping, validation, `describe` and
/// the schema. Every value is a double here: flags are 0 or 1, choices an index into `choices`.
struct Parameter {
  std::string_view name;  // section.key
  ParameterKind kind;
  std::string_view unit;
  Range range;
  std::string_view meaning;
  std::span<const std::string_view> choices;
  double (*get)(const Scenario&);
  void (*set)(Scenario&, double);
  /// Whether the parameter does anything in a scenario, and where it does.
  bool (*applies_if)(const Scenario&);
  std::string_view applies_text;
  Engines engines = Engines::monte_carlo;
  bool one_for_all = false;  // cannot be swept, because it shapes the results file

  std::string_view section() const { return name.substr(0, name.find('.')); }
  std::string_view key() const { return name.substr(name.find('.') + 1); }
  bool is_number() const { return kind == ParameterKind::real || kind == ParameterKind::integer; }
  bool sweepable() const { return !one_for_all; }
  bool serves(const Scenario& scenario) const {
    return engines == Engines::both || (engines == Engines::replay) == is_replay(scenario);
  }
  bool applies(const Scenario& scenario) const { return serves(scenario) && applies_if(scenario); }
  /// Where it applies, in words; "" is everywhere.
  std::string applies_where() const;
};

/// All parameters of a scenario, by section.
std::span<const Parameter> parameters();

/// The parameter of this whole name, or of this bare key where only one has it. Throws Error with a
/// suggestion where there is none, or with the candidates where there are several.
const Parameter& find_parameter(std::string_view name);
/// The same among some parameters.
const Parameter& find_parameter(std::span<const Parameter> among, std::string_view name);

/// The name in `candidates` that is closest to `name`, as "; did you mean 'x'?", or "" where none
/// is.
std::string suggestion(std::string_view name, std::span<const std::string_view> candidates);

/// What is wrong with a value of this parameter ("must be > 0"), or "" where nothing is.
std::string value_problem(const Parameter& parameter, double value);

/// A value as the study writes it: a number, true or false, or the name of a choice.
std::string value_text(const Parameter& parameter, double value);

}  // namespace quotesweep
