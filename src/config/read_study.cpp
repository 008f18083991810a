#include "config/read_study.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "config/keys.hpp"
#include "config/overrides.hpp"
#include "config/read_design.hpp"
#include "config/yaml_source.hpp"
#include "experiment/parameter.hpp"

namespace quotesweep {
namespace {

constexpr double most_work = 1e18;  // points x paths

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
  if (entry.key == "study")
    study.name = read_word(entry);
  else if (entry.key == "paths")
    study.paths = read_count(entry, 1, most_paths);
  else if (entry.key == "block")
    study.block = read_count(entry, 1, most_block);
  else if (entry.key == "seed")
    study.seed = read_count(entry, 0, most_seed);
  else if (entry.key == "common_random_numbers")
    study.common_random_numbers = read_flag(entry);
  else if (entry.key == "output")
    study.output = read_word(entry);
  else if (entry.key == "sweep")
    study.design = read_design(source, entry);
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
    if (contains(sections, entry.key)) {
      const auto part = read_section(source, entry, study.scenario);
      given.insert(given.end(), part.begin(), part.end());
    } else if (contains(study_keys(), entry.key)) {
      read_setting(source, entry, study);
    } else {
      auto candidates = sections;
      candidates.insert(candidates.end(), study_keys().begin(), study_keys().end());
      fail_unknown(entry, "the study", entry.key, candidates);
    }
  }
  for (const auto& [parameter, entry] : given)
    if (!parameter->applies(study.scenario))
      entry.fail(fmt::format("does nothing here: it applies only with {}. Remove it",
                             parameter->applies_where));
  return study;
}

/// Where the study gives a parameter its value, its axis first; empty where it does not.
std::string where_given(const YamlSource& source, std::string_view parameter) {
  std::string where;
  for (const auto& section : source.children(source.root())) {
    const bool swept = section.key == "sweep", list = swept && section.node.IsSequence();
    if (!list && !section.node.IsMap()) continue;
    // All points of a list name the same parameters.
    for (const auto& entry : source.children(list ? source.elements(section).front() : section)) {
      const auto name = swept ? find_parameter(entry.key.substr(6)).name : entry.key;
      if (name == parameter && (swept || where.empty())) where = list ? section.where : entry.where;
    }
  }
  return where;
}

/// Where the value stands that a problem of several parameters is best mended at.
std::string where_to_mend(const YamlSource& source, std::string_view problem) {
  for (const std::string_view parameter : {"metrics.clock", "market.dt", "market.T"}) {
    if (problem.find(fmt::format("{} = ", parameter)) == std::string_view::npos) continue;
    if (const auto where = where_given(source, parameter); !where.empty()) return where;
  }
  return source.origin();
}

/// What no machine could finish, and what counters could not hold.
void check_size(const Study& study, const std::string& origin) {
  const auto points = static_cast<double>(study.design.size());
  if (const double all = points * static_cast<double>(study.paths); all > most_work)
    throw Error("{}: {} points x {} paths = {:g} paths (must be at most {:g}); make it smaller",
                origin, study.design.size(), study.paths, all, most_work);
}

std::string read_text(const std::string& path) {
  std::error_code unknown;
  if (!std::filesystem::exists(path, unknown)) throw Error("{}: no such file", path);
  if (std::filesystem::is_directory(path, unknown))
    throw Error("{}: is a folder, not a study", path);
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
  apply_overrides(source, overrides);
  Study study = read_document(source);
  check_overrides(overrides, study.design);
  check_size(study, origin);
  study.yaml = source.overridden() ? source.emit() : text;
  if (study.output.empty()) study.output = study.name + ".h5";
  try {
    check_points(study);
  } catch (const Error& error) {
    throw Error("{}: {}", where_to_mend(source, error.what()), error.what());
  }
  return study;
}

Study read_study(const std::string& path, const std::vector<std::string>& overrides) {
  return parse_study(read_text(path), path, overrides);
}

}  // namespace quotesweep
