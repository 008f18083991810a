#include "config/read_study.hpp"

#include <algorithm>
#include <optional>

#include "config/keys.hpp"
#include "config/overrides.hpp"
#include "config/read_design.hpp"
#include "config/read_file.hpp"
#include "config/read_parameter.hpp"
#include "config/read_tape_terms.hpp"
#include "config/yaml_source.hpp"
#include "experiment/parameter.hpp"

namespace quotesweep {
namespace {

constexpr double most_work = 1e18;  // points x paths

/// The section of the parameter with this bare key, or "" where there is none.
std::string_view section_of(std::string_view key) {
  const auto all = parameters();
  const auto found = std::ranges::find(all, key, &Parameter::key);
  return found == all.end() ? "" : found->section();
}

[[noreturn]] void fail_unknown(const Entry& entry, const std::string& in, std::string_view name,
                               std::vector<std::string_view> candidates) {
  auto hint = suggestion(name, candidates);
  if (const auto home = section_of(name); !home.empty())
    hint = fmt::format("; it belongs in {}", home);
  else if (hint.empty())
    hint = fmt::format("; choose one of: {}", fmt::join(candidates, ", "));
  throw Error("{}: unknown key '{}' in {}{}", entry.where, name, in, hint);
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
  else if (entry.key == "tape")
    read_tape_terms(source, entry, study);
  else if (entry.key == "sweep")
    study.design = read_design(source, entry);
  else if (entry.key == "output") {
    study.output = read_word(entry);
    study.output_place = entry.where;
  } else if (entry.key == "precision") {
    const auto word = read_word(entry);
    if (word != "auto" && word != "single" && word != "double")
      entry.fail("must be auto, single or double");
    study.choose_precision = word == "auto";
    study.precision = word == "double" ? Precision::double_ : Precision::single_;
  }
}

std::string why_dead(const Parameter& parameter, const Scenario& scenario) {
  if (!parameter.serves(scenario) && is_replay(scenario))
    return "does nothing in a replay of a tape. Remove it";
  return fmt::format("does nothing here: it applies only with {}. Remove it",
                     parameter.applies_where());
}

/// Keys that only simulated paths have.
constexpr std::string_view path_keys[] = {"paths", "block", "common_random_numbers", "precision"};

bool is_given(const std::vector<std::pair<const Parameter*, Entry>>& given, const Study& study,
              std::string_view name) {
  return std::ranges::any_of(given, [&](const auto& one) { return one.first->name == name; }) ||
         std::ranges::find(study.design.axes, name, &Axis::parameter) != study.design.axes.end();
}

/// What follows from a tape: the market's model, and a bar as the unit of time.
void settle_replay(Study& study, const std::vector<std::pair<const Parameter*, Entry>>& given,
                   const std::optional<Entry>& paths) {
  if (paths) paths->fail("does nothing in a replay of a tape. Remove it");
  for (const auto& [parameter, entry] : given)
    if (parameter->name == "market.model" && !is_replay(study.scenario))
      entry.fail("must be replay, or left out, where there is a tape");
  study.scenario.market.model = MarketModel::replay;
  if (!is_given(given, study, "market.dt")) study.scenario.market.dt = 1.0;
}

/// Where the sweep names a parameter; empty where it does not.
std::string where_swept(const YamlSource& source, std::string_view parameter) {
  for (const auto& section : source.children(source.root())) {
    if (section.key != "sweep") continue;
    const bool list = section.node.IsSequence();
    // All points of a list name the same parameters.
    for (const auto& entry : source.children(list ? source.elements(section).front() : section))
      if (find_parameter(entry.key.substr(6)).name == parameter)
        return list ? section.where : entry.where;
  }
  return "";
}

/// Whether a parameter acts at any value of a swept choice.
bool acts_somewhere(const Parameter& parameter, const Study& study) {
  if (parameter.applies(study.scenario)) return true;
  for (const auto& axis : study.design.axes) {
    const auto& swept = find_parameter(axis.parameter);
    if (swept.is_number()) continue;
    for (const double value : axis.values) {
      Scenario scenario = study.scenario;
      swept.set(scenario, value);
      if (parameter.applies(scenario)) return true;
    }
  }
  for (const auto& setting : study.symbol_settings) {
    Scenario scenario = study.scenario;
    find_parameter(setting.parameter).set(scenario, setting.value);
    if (parameter.applies(scenario)) return true;
  }
  return false;
}

/// What only replays have is not swept over paths, nor the other way round; and all points of a
/// replay are measured alike.
void check_axes(const YamlSource& source, const Study& study) {
  for (const auto& axis : study.design.axes) {
    const auto& parameter = find_parameter(axis.parameter);
    const auto where = where_swept(source, axis.parameter);
    if (!parameter.serves(study.scenario) && !study.tape)
      throw Error("{}: sweep: {} {}", where, axis.parameter, why_dead(parameter, study.scenario));
    if (!study.tape) continue;
    if (!acts_somewhere(parameter, study))
      throw Error("{}: sweep: {} does nothing in this replay. Remove it", where, axis.parameter);
    if (parameter.section() == "metrics" || parameter.name == "market.dt")
      throw Error("{}: sweep: {} is the same for all points of a replay; set it in its section",
                  where, axis.parameter);
  }
}

/// Points of a replay whose series are kept.
void read_record(const YamlSource& source, const Entry& entry, Study& study) {
  constexpr std::size_t most_records = 100;
  const auto elements = source.elements(entry);
  if (!study.tape && !elements.empty())
    entry.fail("is for replays of a tape; see `quotesweep simulate` for a path");
  for (const auto& element : elements) {
    const auto point = read_count(element, 0, study.design.size() - 1);
    if (std::ranges::find(study.record, point) != study.record.end())
      element.fail("stands there twice; remove one");
    study.record.push_back(point);
  }
  if (study.record.size() > most_records)
    entry.fail(fmt::format("has more than {} points; name fewer", most_records));
}

Study read_document(const YamlSource& source) {
  Study study;
  std::vector<std::pair<const Parameter*, Entry>> given;
  std::optional<Entry> paths, symbols, record;
  const auto sections = section_names();
  for (const auto& entry : source.children(source.root())) {
    if (contains(sections, entry.key)) {
      const auto part = read_section(source, entry, study.scenario);
      given.insert(given.end(), part.begin(), part.end());
    } else if (contains(study_keys(), entry.key)) {
      read_setting(source, entry, study);
      if (entry.key == "symbols") symbols = entry;
      if (entry.key == "record") record = entry;
      // Not assigned: one YAML node assigned to another changes the document.
      if (contains(path_keys, entry.key)) paths.emplace(entry);
    } else {
      auto candidates = sections;
      candidates.insert(candidates.end(), study_keys().begin(), study_keys().end());
      fail_unknown(entry, "the study", entry.key, candidates);
    }
  }
  if (study.tape) settle_replay(study, given, paths);
  if (symbols) read_symbols(source, *symbols, study);
  check_axes(source, study);
  for (const auto& [parameter, entry] : given)
    if (!acts_somewhere(*parameter, study)) entry.fail(why_dead(*parameter, study.scenario));
  if (record) read_record(source, *record, study);
  if (symbols) check_symbols(source, *symbols, study);
  return study;
}

/// Where a section gives a parameter its value; empty where none does.
std::string where_set(const YamlSource& source, std::string_view parameter) {
  for (const auto& section : source.children(source.root())) {
    if (!section.node.IsMap()) continue;
    for (const auto& entry : source.children(section))
      if (entry.key == parameter) return entry.where;
  }
  return "";
}

/// Where the value stands that a problem of several parameters is best mended at.
std::string where_to_mend(const YamlSource& source, std::string_view problem) {
  for (const auto& where_given : {where_swept, where_set})
    for (const std::string_view parameter :
         {"market.tick", "risk.q_max", "metrics.clock", "signal.warm_up", "strategy.name",
          "market.model", "market.dt", "market.T"}) {
      if (problem.find(fmt::format("{} = ", parameter)) == std::string_view::npos &&
          !problem.starts_with(fmt::format("{}: ", parameter)))
        continue;
      if (const auto where = where_given(source, parameter); !where.empty()) return where;
    }
  return source.origin();
}

/// What no machine could finish, and what counters could not hold.
void check_size(const Study& study, const YamlSource& source) {
  const double all = static_cast<double>(study.design.size()) * static_cast<double>(study.paths);
  if (all <= most_work) return;
  for (const auto& entry : source.children(source.root()))
    if (entry.key == "paths")
      entry.fail(fmt::format("at {} points that makes {:g} paths, must be at most {:g}; lower it",
                             study.design.size(), all, most_work));
}

}  // namespace

Study parse_study(const std::string& text, const std::string& origin,
                  const std::vector<std::string>& overrides, SweptScalars swept) {
  YamlSource source(text, origin);
  apply_overrides(source, overrides);
  Study study = read_document(source);
  if (swept == SweptScalars::refuse) check_overrides(overrides, study.design);
  check_size(study, source);
  study.yaml = source.overridden() ? source.emit() : text;
  if (study.output.empty()) study.output = study.name + ".h5";
  try {
    settle(study);
    check_points(study);
  } catch (const Error& error) {
    throw Error("{}: {}", where_to_mend(source, error.what()), error.what());
  }
  return study;
}

Study read_study(const std::string& path, const std::vector<std::string>& overrides,
                 SweptScalars swept) {
  return parse_study(read_file(path), path, overrides, swept);
}

}  // namespace quotesweep
