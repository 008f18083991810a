#include "config/read_study.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "config/read_design.hpp"
#include "config/yaml_source.hpp"
#include "experiment/parameter.hpp"

namespace quotesweep {
namespace {

constexpr std::uint64_t most_paths = 1'000'000'000'000;
constexpr std::uint64_t most_block = 1 << 20;
constexpr std::uint64_t most_seed = 9'000'000'000'000'000;

constexpr std::string_view study_keys[] = {"study", "sweep", "paths",  "block",
                                           "seed",  "common_random_numbers", "precision", "output"};

std::vector<std::string_view> section_names() {
  std::vector<std::string_view> names;
  for (const auto& parameter : parameters())
    if (std::ranges::find(names, parameter.section()) == names.end())
      names.push_back(parameter.section());
  return names;
}

[[noreturn]] void fail_unknown(const Entry& entry, const std::string& in, std::string_view name,
                               std::vector<std::string_view> candidates) {
  throw Error("{}: unknown key '{}' in {}{}", entry.where, name, in, suggestion(name, candidates));
}

double read_parameter(const Parameter& parameter, const Entry& entry) {
  if (parameter.kind == ParameterKind::flag) return read_flag(entry) ? 1.0 : 0.0;
  if (parameter.kind == ParameterKind::choice) {
    const auto word = read_word(entry);
    const auto found = std::ranges::find(parameter.choices, word);
    if (found == parameter.choices.end())
      entry.fail(fmt::format("must be one of: {}{}", fmt::join(parameter.choices, ", "),
                             suggestion(word, parameter.choices)));
    return static_cast<double>(found - parameter.choices.begin());
  }
  const double value = read_number(entry);
  if (const auto problem = value_problem(parameter, value); !problem.empty()) entry.fail(problem);
  return value;
}

/// Sets the section's parameters; returns the entries, so that it can be seen later what was given.
std::vector<std::pair<const Parameter*, Entry>> read_section(const YamlSource& source,
                                                             const Entry& section,
                                                             Scenario& scenario) {
  std::vector<std::pair<const Parameter*, Entry>> given;
  for (const auto& entry : source.children(section)) {
    const auto all = parameters();
    const auto found = std::ranges::find(all, std::string_view(entry.key), &Parameter::name);
    if (found == all.end()) {
      std::vector<std::string_view> keys;
      for (const auto& parameter : all)
        if (parameter.section() == section.key) keys.push_back(parameter.key());
      fail_unknown(entry, section.key, std::string_view(entry.key).substr(section.key.size() + 1),
                   keys);
    }
    found->set(scenario, read_parameter(*found, entry));
    given.emplace_back(&*found, entry);
  }
  return given;
}

void read_setting(const YamlSource& source, const Entry& entry, Study& study) {
  if (entry.key == "study") study.name = read_word(entry);
  else if (entry.key == "paths") study.paths = read_count(entry, 1, most_paths);
  else if (entry.key == "block") study.block = read_count(entry, 1, most_block);
  else if (entry.key == "seed") study.seed = read_count(entry, 0, most_seed);
  else if (entry.key == "common_random_numbers") study.common_random_numbers = read_flag(entry);
  else if (entry.key == "output") study.output = read_word(entry);
  else if (entry.key == "sweep") study.design = read_design(source, entry);
  else if (entry.key == "precision") {
    const auto word = read_word(entry);
    if (word != "single" && word != "double") entry.fail("must be single or double");
    study.precision = word == "single" ? Precision::single_ : Precision::double_;
  }
}

Study read_document(const YamlSource& source) {
  Study study;
  std::vector<std::pair<const Parameter*, Entry>> given;
  const auto sections = section_names();
  for (const auto& entry : source.children(source.root())) {
    if (std::ranges::find(sections, std::string_view(entry.key)) != sections.end()) {
      const auto part = read_section(source, entry, study.scenario);
      given.insert(given.end(), part.begin(), part.end());
    } else if (std::ranges::find(study_keys, std::string_view(entry.key)) != std::end(study_keys)) {
      read_setting(source, entry, study);
    } else {
      auto candidates = sections;
      candidates.insert(candidates.end(), std::begin(study_keys), std::end(study_keys));
      fail_unknown(entry, "the study", entry.key, candidates);
    }
  }
  for (const auto& [parameter, entry] : given)
    if (!parameter->applies(study.scenario))
      entry.fail(fmt::format("does nothing here: it applies only with {}. Remove it",
                             parameter->applies_where));
  return study;
}

/// Whole key of an override: a bare parameter name is completed.
std::string whole_key(const std::string& key) {
  const auto known = [&](const auto& names) {
    return std::ranges::find(names, std::string_view(key)) != std::end(names);
  };
  if (key.find('.') != std::string::npos || known(study_keys) || known(section_names())) return key;
  return std::string(find_parameter(key).name);
}

void apply_override(YamlSource& source, const std::string& argument) {
  const auto equals = argument.find('=');
  if (equals == std::string::npos || equals == 0)
    throw Error("--set {}: must be KEY=VALUE, such as gamma=0.2 or 'sweep.gamma=[0.1, 0.2]'",
                argument);
  try {
    source.set(whole_key(argument.substr(0, equals)), argument.substr(equals + 1), argument);
  } catch (const Error& error) {
    if (std::string_view(error.what()).starts_with("--set")) throw;
    throw Error("--set {}: {}", argument, error.what());
  }
}

/// A value for a swept parameter from the command line would be lost silently.
void check_override(const std::string& argument, const Study& study) {
  const auto key = whole_key(argument.substr(0, argument.find('=')));
  for (const auto& axis : study.design.axes)
    if (axis.parameter == key)
      throw Error("--set {}: {} is swept, so this value would not be used. Set its axis instead: "
                  "--set 'sweep.{}=[{}]'",
                  argument, key, find_parameter(key).key(),
                  argument.substr(argument.find('=') + 1));
}

std::string read_text(const std::string& path) {
  if (!std::filesystem::exists(path)) throw Error("{}: no such file", path);
  if (std::filesystem::is_directory(path)) throw Error("{}: is a folder, not a study", path);
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw Error("{}: cannot be read", path);
  if (text.find('\0') != std::string::npos)
    throw Error("{}: is a binary file, not a study in YAML", path);
  return text;
}

}  // namespace

Study parse_study(const std::string& text, const std::string& origin,
                  const std::vector<std::string>& overrides) {
  YamlSource source(text, origin);
  for (const auto& argument : overrides) apply_override(source, argument);
  Study study = read_document(source);
  for (const auto& argument : overrides) check_override(argument, study);
  study.yaml = source.overridden() ? source.emit() : text;
  if (study.output.empty()) study.output = study.name + ".h5";
  try {
    check_points(study);
  } catch (const Error& error) {
    throw Error("{}: {}", origin, error.what());
  }
  return study;
}

Study read_study(const std::string& path, const std::vector<std::string>& overrides) {
  return parse_study(read_text(path), path, overrides);
}

}  // namespace quotesweep
