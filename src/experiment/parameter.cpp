#include "experiment/parameter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "experiment/parameter_rows.hpp"

namespace quotesweep {
namespace {

/// The same rows with those of a section together, sections in the order of their first rows.
std::vector<Parameter> by_section(const std::vector<Parameter>& rows) {
  std::vector<Parameter> sorted;
  for (const auto& first : rows) {
    if (std::ranges::count(sorted, first.section(), &Parameter::section) > 0) continue;
    for (const auto& row : rows)
      if (row.section() == first.section()) sorted.push_back(row);
  }
  return sorted;
}

std::vector<Parameter> make_parameters() {
  auto all = market_parameters();
  for (const auto& part :
       {signal_parameters(), strategy_parameters(), risk_parameters(), replay_parameters()})
    all.insert(all.end(), part.begin(), part.end());
  return by_section(all);
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
    }
  }
  return row.back();
}

}  // namespace

bool Range::contains(double value) const {
  return value <= high && (low_is == Low::excluded ? value > low : value >= low);
}

std::string Range::text() const {
  if (std::isinf(high))
    return fmt::format("{} {:g}, or .inf", low_is == Low::excluded ? ">" : "at least", low);
  if (low_is == Low::excluded) return fmt::format("> {:g} and at most {:g}", low, high);
  return fmt::format("from {:g} to {:g}", low, high);
}

std::string Parameter::applies_where() const {
  std::string text;
  if (engines == Engines::replay) text = "a tape";
  if (!applies_text.empty()) text += fmt::format("{}{}", text.empty() ? "" : " and ", applies_text);
  return text;
}

std::span<const Parameter> parameters() {
  static const std::vector<Parameter> all = make_parameters();
  return all;
}

const Parameter& find_parameter(std::string_view name) {
  return find_parameter(parameters(), name);
}

const Parameter& find_parameter(std::span<const Parameter> among, std::string_view name) {
  std::vector<const Parameter*> found;
  std::vector<std::string_view> candidates;
  for (const auto& parameter : among) {
    if (parameter.name == name) return parameter;
    if (parameter.key() == name) found.push_back(&parameter);
    candidates.push_back(parameter.name);
    candidates.push_back(parameter.key());
  }
  if (found.size() == 1) return *found.front();
  if (found.empty()) {
    const auto hint = suggestion(name, candidates);
    throw Error("unknown parameter '{}'{}", name,
                hint.empty() ? "; `quotesweep describe` lists them all" : hint);
  }
  std::string names;
  for (const auto* parameter : found)
    names += fmt::format("{} {}", names.empty() ? "" : " or", parameter->name);
  throw Error("parameter '{}' is ambiguous; write{}", name, names);
}

std::string suggestion(std::string_view name, std::span<const std::string_view> candidates) {
  std::size_t best = name.size() / 3 + 2;
  std::string_view closest;
  for (const auto candidate : candidates) {
    const std::size_t distance = edit_distance(name, candidate);
    if (distance < best && distance < std::max(name.size(), candidate.size())) {
      best = distance;
      closest = candidate;
    }
  }
  return closest.empty() ? "" : fmt::format("; did you mean '{}'?", closest);
}

std::string value_problem(const Parameter& parameter, double value) {
  if (!parameter.range.contains(value)) return fmt::format("must be {}", parameter.range.text());
  if (parameter.kind == ParameterKind::integer && value != std::floor(value))
    return "must be a whole number";
  return "";
}

std::string value_text(const Parameter& parameter, double value) {
  if (parameter.kind == ParameterKind::flag) return value != 0.0 ? "true" : "false";
  if (parameter.kind == ParameterKind::choice)
    return std::string(parameter.choices[static_cast<std::size_t>(value)]);
  return std::isinf(value) ? ".inf" : fmt::format("{}", value);
}

}  // namespace quotesweep
