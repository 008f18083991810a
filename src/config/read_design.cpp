#include "config/read_design.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "config/read_parameter.hpp"
#include "experiment/study.hpp"

namespace quotesweep {
namespace {

/// The parameter that an axis names, once.
const Parameter& swept_parameter(const Entry& axis, std::string_view name) {
  try {
    const auto& parameter = find_parameter(name);
    if (!parameter.sweepable())
      axis.fail(
          fmt::format("{} is the same for all points; set it in its section", parameter.name));
    return parameter;
  } catch (const Error& error) {
    if (std::string_view(error.what()).starts_with(axis.where)) throw;
    throw Error("{}: sweep: {}", axis.where, error.what());
  }
}

std::vector<double> read_values(const YamlSource& source, const Entry& axis,
                                const Parameter& parameter) {
  std::vector<double> values;
  for (const auto& element : source.elements(axis))
    values.push_back(read_parameter(parameter, element));
  return values;
}

std::vector<double> read_spaced(const YamlSource& source, const Entry& axis,
                                const Parameter& parameter) {
  std::string kind;
  std::vector<double> ends;
  std::uint64_t count = 0;
  for (const auto& child : source.children(axis)) {
    const auto name = child.key.substr(axis.key.size() + 1);
    if (name == "points") {
      count = read_count(child, 1, most_points);
    } else if ((name == "linear" || name == "log") && kind.empty()) {
      kind = name;
      if (!parameter.is_number()) child.fail("is for numbers; name the choices, as [a, b]");
      if (!child.node.IsSequence() || child.node.size() != 2)
        child.fail("must be the two ends, such as [0.01, 1]");
      ends = read_values(source, child, parameter);
    } else {
      child.fail(
          "unknown key; an axis is [a, b, ...], {linear: [a, b], points: n} or {log: [a, b], "
          "points: n}");
    }
  }
  if (kind.empty() || count == 0) axis.fail("needs 'linear' or 'log' with two ends, and 'points'");
  if (!std::isfinite(ends[0]) || !std::isfinite(ends[1])) axis.fail("both ends must be finite");
  if (kind == "linear") return linear_values(ends[0], ends[1], count);
  if (!(ends[0] > 0.0 && ends[1] > 0.0)) axis.fail("both ends of 'log' must be > 0");
  return log_values(ends[0], ends[1], count);
}

void check_values(const Entry& axis, const Parameter& parameter,
                  const std::vector<double>& values) {
  if (values.empty()) axis.fail("has no values; give at least one, or remove it");
  for (const double value : values)
    if (const auto problem = value_problem(parameter, value); !problem.empty())
      axis.fail(fmt::format("{} = {}: {}", parameter.name, value, problem));
}

void check_distinct(const Entry& axis, const Parameter& parameter, std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto twice = std::adjacent_find(values.begin(), values.end());
  if (twice != values.end())
    axis.fail(fmt::format("{} stands there twice; remove one", value_text(parameter, *twice)));
}

Axis read_axis(const YamlSource& source, const Entry& entry) {
  const auto& parameter = swept_parameter(entry, std::string_view(entry.key).substr(6));
  Axis axis{std::string(parameter.name), {}};
  if (entry.node.IsSequence())
    axis.values = read_values(source, entry, parameter);
  else if (entry.node.IsMap())
    axis.values = read_spaced(source, entry, parameter);
  else
    entry.fail("must be a list of values, or {linear: [a, b], points: n}");
  check_values(entry, parameter, axis.values);
  check_distinct(entry, parameter, axis.values);
  return axis;
}

Design read_grid(const YamlSource& source, const Entry& sweep) {
  Design design;
  std::set<std::string> seen;
  double points = 1.0;
  for (const auto& entry : source.children(sweep)) {
    auto axis = read_axis(source, entry);
    if (!seen.insert(axis.parameter).second)
      entry.fail(fmt::format("{} is swept twice; remove one", axis.parameter));
    points *= static_cast<double>(axis.values.size());
    if (points > static_cast<double>(most_points))
      entry.fail(fmt::format("the grid has more than {} points; make it smaller", most_points));
    design.axes.push_back(std::move(axis));
  }
  return design;
}

Design read_list(const YamlSource& source, const Entry& sweep) {
  Design design{DesignKind::list, {}};
  const auto points = source.elements(sweep);
  if (points.empty()) sweep.fail("has no points; give at least one, or remove the key");
  if (points.size() > most_points)
    sweep.fail(fmt::format("has more than {} points; split it", most_points));
  for (const auto& point : points) {
    const auto entries = source.children(point);
    if (entries.empty()) point.fail("names no parameters; give it some, or remove it");
    if (design.axes.empty())
      for (const auto& entry : entries)
        design.axes.push_back(
            {std::string(swept_parameter(entry, std::string_view(entry.key).substr(6)).name), {}});
    const std::size_t before = design.axes.front().values.size();
    for (const auto& entry : entries) {
      const auto& parameter = swept_parameter(entry, std::string_view(entry.key).substr(6));
      const auto axis = std::ranges::find(design.axes, parameter.name, &Axis::parameter);
      if (axis == design.axes.end() || axis->values.size() != before)
        entry.fail("every point of a list must name the same parameters, each once");
      axis->values.push_back(read_parameter(parameter, entry));
    }
    for (const auto& axis : design.axes)
      if (axis.values.size() != before + 1)
        point.fail(fmt::format("lacks {}; every point of a list must name the same parameters",
                               axis.parameter));
  }
  return design;
}

}  // namespace

Design read_design(const YamlSource& source, const Entry& sweep) {
  if (sweep.node.IsSequence()) return read_list(source, sweep);
  if (sweep.node.IsMap()) return read_grid(source, sweep);
  sweep.fail("must be a mapping from parameters to values, or a list of points");
}

}  // namespace quotesweep
