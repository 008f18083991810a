#include "app/file_layout.hpp"

#include <fmt/chrono.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "app/version.hpp"
#include "experiment/experiment.hpp"
#include "experiment/parameter.hpp"
#include "experiment/point_warnings.hpp"
#include "replay/replay_results.hpp"

namespace quotesweep {
namespace {

/// The bare key where it is unique among parameters and results, otherwise section_key.
std::string coordinate_name(const Parameter& parameter) {
  const auto key = parameter.key();
  const auto same_key = std::ranges::count(parameters(), key, &Parameter::key);
  auto results = result_definitions({.quantiles = Quantiles::always, .detail = Detail::full});
  const auto replayed = replay_definitions({}, 2);
  results.insert(results.end(), replayed.begin(), replayed.end());
  const bool taken = std::ranges::find(results, key, &ResultDefinition::name) != results.end() ||
                     key == status_variable || key == paths_variable || key == seconds_variable;
  if (same_key == 1 && !taken) return std::string(key);
  return fmt::format("{}_{}", parameter.section(), key);
}

Coordinate axis_coordinate(const Axis& axis) {
  const auto& parameter = find_parameter(axis.parameter);
  const auto type = !parameter.is_number()                     ? ElementType::text
                    : parameter.kind == ParameterKind::integer ? ElementType::int64
                                                               : ElementType::float64;
  Coordinate coordinate{coordinate_name(parameter),
                        type,
                        axis.values,
                        {{"long_name", std::string(parameter.meaning)},
                         {"units", std::string(parameter.unit)},
                         {"parameter", std::string(parameter.name)}}};
  if (type == ElementType::text)
    for (const double value : axis.values)
      coordinate.labels.push_back(value_text(parameter, value));
  return coordinate;
}

Coordinate point_dimension(const Study& study) {
  Coordinate point{"point", ElementType::int64, {}, {{"long_name", "number of the point"}}};
  for (std::uint64_t i = 0; i < study.design.size(); ++i)
    point.values.push_back(static_cast<double>(study.shard.index + i * study.shard.count));
  return point;
}

Variable result_variable(const ResultDefinition& result) {
  const bool real = result.kind == ResultDefinition::Kind::real;
  Variable variable{
      result.name,
      real ? ElementType::float64 : ElementType::int64,
      {{"long_name", result.name}, {"units", result.unit}, {"definition", result.definition}}};
  variable.is_row = result.length > 1;
  if (!result.better.empty()) variable.attributes.push_back({"better", result.better});
  return variable;
}

std::vector<Attribute> path_attributes(const Study& study) {
  return {{"fill_probability", value_text(find_parameter("fills.probability"),
                                          static_cast<double>(study.scenario.fills.probability))}};
}

std::vector<Attribute> tape_attributes(const Study& study) {
  const auto& tape = *study.tape;
  const auto date = [](std::int64_t time) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(time / 1'000'000'000));
  };
  return {{"tape_hash", study.tape_hash},
          {"tape_symbols", fmt::format("{}", fmt::join(symbol_names(tape), " "))},
          {"tape_bars", static_cast<std::int64_t>(tape.size())},
          {"tape_first", date(tape.time.front())},
          {"tape_last", date(tape.time.back())}};
}

/// The windows of a replay: when each begins, and how many clock intervals it has.
InnerDimension windows_of(const Study& study) {
  const Tape& tape = *study.tape;
  const auto windows = replay_windows(replay_clock(tape, clock_bars(study.scenario)),
                                      static_cast<std::size_t>(study.scenario.windows_of_replay));
  const Attribute mark{inner_mark, std::int64_t{1}};
  Coordinate number{"window",
                    ElementType::int64,
                    {},
                    {{"long_name", "number of the window, from 0"}, {"units", "1"}, mark}};
  Coordinate start{"window_start",
                   ElementType::int64,
                   {},
                   {{"long_name", "when the window's first bar opens"},
                    {"units", "seconds since 1970-01-01"},
                    mark}};
  Coordinate intervals{
      "window_intervals",
      ElementType::int64,
      {},
      {{"long_name", "number of clock intervals in the window"}, {"units", "1"}, mark}};
  for (std::size_t i = 0; i < windows.size(); ++i) {
    number.values.push_back(static_cast<double>(i));
    start.values.push_back(static_cast<double>(tape.time[windows[i].first_bar] / 1'000'000'000));
    intervals.values.push_back(static_cast<double>(windows[i].intervals));
  }
  return {number, {start, intervals}};
}

std::vector<Attribute> provenance(const Study& study) {
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return {{"Conventions", "CF-1.8"},
          {"title", study.name},
          {"format_version", std::int64_t{format_version}},
          {"program", "quotesweep"},
          {"program_version", program_version},
          {"git_commit", git_commit},
          {"study_yaml", study.yaml},
          {"study_resolved", resolved_text(study)},
          {"study_hash", study_hash(study)},
          {"seed", static_cast<std::int64_t>(study.seed)},
          {"paths_planned", static_cast<std::int64_t>(study.blocks() * study.block)},
          {"block", static_cast<std::int64_t>(study.block)},
          {"warnings", fmt::format("{}", fmt::join(planned_warnings(study), "\n"))},
          {"shard", fmt::format("{}/{}", study.shard.index, study.shard.count)},
          {"created", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now))},
          {"host", host.data()}};
}

}  // namespace

Layout file_layout(const Study& study) {
  Layout layout;
  layout.attributes = provenance(study);
  const auto more = study.tape ? tape_attributes(study) : path_attributes(study);
  layout.attributes.insert(layout.attributes.end(), more.begin(), more.end());
  const bool grid = study.design.kind == DesignKind::grid && !study.design.axes.empty();
  if (!grid) layout.dimensions.push_back(point_dimension(study));
  for (const auto& axis : study.design.axes)
    (grid ? layout.dimensions : layout.point_coordinates).push_back(axis_coordinate(axis));
  if (study.tape) layout.inner.push_back(windows_of(study));
  for (const auto& result : study_definitions(study))
    layout.results.push_back(result_variable(result));
  if (study.tape)
    for (auto& variable : layout.results)
      if (variable.name == "sharpe" || variable.name == "sortino")
        variable.attributes.push_back(
            {"intervals_per_year",
             replay_clock(*study.tape, clock_bars(study.scenario)).intervals_per_year});
  layout.state_columns = study_state_columns(study);
  return layout;
}

}  // namespace quotesweep
