#include "config/overrides.hpp"

#include <algorithm>

#include "config/check_text.hpp"
#include "config/keys.hpp"
#include "experiment/parameter.hpp"

namespace quotesweep {
namespace {

[[noreturn]] void fail_unknown(std::string_view key) {
  auto candidates = section_names();
  candidates.insert(candidates.end(), study_keys().begin(), study_keys().end());
  for (const auto& parameter : parameters())
    candidates.insert(candidates.end(), {parameter.name, parameter.key()});
  const auto hint = suggestion(key, candidates);
  throw Error("unknown key '{}'{}", key,
              hint.empty() ? "; `quotesweep describe` lists the parameters" : hint);
}

bool is_parameter(std::string_view name) {
  return std::ranges::any_of(
      parameters(), [&](const auto& known) { return known.name == name || known.key() == name; });
}

/// The name under which the document sweeps this parameter already, or else `name`.
std::string axis_name(const YamlSource& source, const Parameter& parameter, std::string name) {
  for (const auto& entry : source.children(source.root())) {
    if (entry.key != "sweep" || entry.node.IsNull()) continue;
    if (entry.node.IsSequence())
      throw Error("the sweep is a list of points. Set all of it: --set 'sweep=[{{{}: ...}}, ...]'",
                  parameter.key());
    for (const auto& axis : source.children(entry))
      if (const auto other = axis.key.substr(6);
          other == parameter.name || other == parameter.key())
        name = other;
  }
  return name;
}

/// Path of an axis such as "gamma" or "strategy.gamma", or of a part of one such as "gamma.points".
std::vector<std::string> axis_path(const YamlSource& source, std::string name) {
  std::vector<std::string> part;
  const auto dot = name.rfind('.');
  if (dot != std::string::npos && !is_parameter(name)) {
    part = {name.substr(dot + 1)};
    name.resize(dot);
  }
  std::vector<std::string> path{"sweep", axis_name(source, find_parameter(name), name)};
  path.insert(path.end(), part.begin(), part.end());
  return path;
}

std::vector<std::string> path_of(const YamlSource& source, const std::string& key) {
  if (contains(study_keys(), key) || contains(section_names(), key)) return {key};
  if (key.starts_with("sweep.")) return axis_path(source, key.substr(6));
  const std::string whole(is_parameter(key) ? find_parameter(key).name : key);
  const auto dot = whole.find('.');
  if (dot == std::string::npos || !contains(section_names(), whole.substr(0, dot)))
    fail_unknown(key);
  return {whole.substr(0, dot), whole.substr(dot + 1)};
}

void apply_override(YamlSource& source, const std::string& argument) {
  const auto equals = argument.find('=');
  if (equals == std::string::npos || equals == 0)
    throw Error("--set {}: must be KEY=VALUE, such as gamma=0.2 or 'sweep.gamma=[0.1, 0.2]'",
                one_line(argument));
  try {
    source.set(path_of(source, argument.substr(0, equals)), argument.substr(equals + 1), argument);
  } catch (const Error& error) {
    if (std::string_view(error.what()).starts_with("--set")) throw;
    throw Error("--set {}: {}", one_line(argument), one_line(error.what()));
  }
}

void check_override(const std::string& argument, const Design& design) {
  const auto shown = one_line(argument);
  const auto equals = shown.find('=');
  const auto key = shown.substr(0, equals), value = shown.substr(equals + 1);
  if (!is_parameter(key)) return;
  const auto& parameter = find_parameter(key);
  if (std::ranges::find(design.axes, parameter.name, &Axis::parameter) == design.axes.end()) return;
  const auto instead =
      design.kind == DesignKind::grid
          ? fmt::format("its axis instead: --set 'sweep.{}=[{}]'", parameter.key(), value)
          : fmt::format("the sweep instead: --set 'sweep=[{{{}: {}, ...}}, ...]'", parameter.key(),
                        value);
  throw Error("--set {}: {} is swept, so this value would not be used. Set {}", shown,
              parameter.name, instead);
}

}  // namespace

void apply_overrides(YamlSource& source, const std::vector<std::string>& arguments) {
  for (const auto& argument : arguments) apply_override(source, argument);
}

bool sets_parameter(const std::vector<std::string>& arguments, const Parameter& parameter) {
  return std::ranges::any_of(arguments, [&](const std::string& argument) {
    const auto key = argument.substr(0, argument.find('='));
    return is_parameter(key) && &find_parameter(key) == &parameter;
  });
}

void check_overrides(const std::vector<std::string>& arguments, const Design& design) {
  for (const auto& argument : arguments) check_override(argument, design);
}

}  // namespace quotesweep
