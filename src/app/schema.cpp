#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/commands.hpp"
#include "config/read_tape_terms.hpp"
#include "experiment/parameter.hpp"
#include "experiment/study.hpp"

namespace quotesweep {
namespace {

using Json = nlohmann::ordered_json;

Json number_schema(const Parameter& parameter) {
  Json schema{{"type", parameter.kind == ParameterKind::integer ? "integer" : "number"}};
  const bool open = parameter.range.low_is == Range::Low::excluded;
  schema[open ? "exclusiveMinimum" : "minimum"] = parameter.range.low;
  if (std::isfinite(parameter.range.high)) schema["maximum"] = parameter.range.high;
  return schema;
}

Json default_value(const Parameter& parameter) {
  const double value = parameter.get(Scenario{});
  if (parameter.kind == ParameterKind::flag) return value != 0.0;
  if (parameter.kind == ParameterKind::choice) return value_text(parameter, value);
  if (parameter.kind == ParameterKind::integer) return static_cast<std::int64_t>(value);
  if (std::isinf(value)) return nullptr;  // JSON has no such number; the description says it
  return value;
}

/// What an editor shows of a parameter: meaning, unit, default.
std::string hover_text(const Parameter& parameter) {
  std::string text(parameter.meaning);
  if (!parameter.unit.empty()) text += fmt::format(" [{}]", parameter.unit);
  text += fmt::format("; default {}", value_text(parameter, parameter.get(Scenario{})));
  if (const auto where = parameter.applies_where(); !where.empty())
    text += fmt::format("; only with {}", where);
  return text;
}

Json value_schema(const Parameter& parameter) {
  if (parameter.is_number()) return number_schema(parameter);
  if (parameter.kind == ParameterKind::flag) return {{"type", "boolean"}};
  return {{"enum", parameter.choices}};
}

Json parameter_schema(const Parameter& parameter) {
  Json schema = value_schema(parameter);
  if (auto value = default_value(parameter); !value.is_null()) schema["default"] = value;
  schema["description"] = hover_text(parameter);
  return schema;
}

Json count_schema(const char* text, int least, std::uint64_t most) {
  return {{"type", "number"},
          {"minimum", least},
          {"maximum", most},
          {"multipleOf", 1},
          {"description", text}};
}

/// {linear: [a, b], points: n} or the same with log, ends within the parameter's range.
Json spaced_schema(const char* kind, Json end) {
  end["type"] = "number";
  if (std::string_view(kind) == "log" && !end.contains("exclusiveMinimum") && end["minimum"] <= 0)
    end["exclusiveMinimum"] = 0;
  const Json ends{{"type", "array"},
                  {"items", end},
                  {"minItems", 2},
                  {"maxItems", 2},
                  {"description", "first and last value"}};
  return {
      {"type", "object"},
      {"properties", {{kind, ends}, {"points", count_schema("number of values", 1, most_points)}}},
      {"required", {kind, "points"}},
      {"additionalProperties", false}};
}

/// Under which a study may name a parameter outside its section.
std::vector<std::string> names_of(const Parameter& parameter) {
  std::vector<std::string> names{std::string(parameter.name)};
  if (std::ranges::count(parameters(), parameter.key(), &Parameter::key) == 1)
    names.emplace_back(parameter.key());
  return names;
}

Json axis_schema(const Parameter& parameter, const Json& value) {
  Json axis{{"description", hover_text(parameter)}};
  const Json list{{"type", "array"}, {"items", value}, {"minItems", 1}, {"uniqueItems", true}};
  if (parameter.is_number())
    axis["anyOf"] = {list, spaced_schema("linear", value), spaced_schema("log", value)};
  else
    axis.update(list);
  return axis;
}

Json sweep_schema() {
  Json axes = Json::object(), values = Json::object();
  for (const auto& parameter : parameters()) {
    if (!parameter.sweepable()) continue;
    const Json value = value_schema(parameter);
    for (const auto& name : names_of(parameter)) {
      axes[name] = axis_schema(parameter, value);
      values[name] = value;
      values[name]["description"] = hover_text(parameter);
    }
  }
  const Json grid{{"type", "object"}, {"properties", axes}, {"additionalProperties", false}};
  const Json point{{"type", "object"},
                   {"properties", values},
                   {"minProperties", 1},
                   {"additionalProperties", false}};
  const Json list{{"type", "array"}, {"items", point}, {"minItems", 1}};
  return {{"description", "swept parameters: a mapping is a grid, a sequence a list of points"},
          {"anyOf", {grid, list}}};
}

/// A name on one line; what YAML reads as a number or a truth value is a name here, too.
Json name_schema(const char* text) {
  return {{"type", {"string", "number", "boolean"}},
          {"minLength", 1},
          {"pattern", "^[^\\u0000-\\u001f\\u007f]*$"},
          {"description", text}};
}

Json with_default(Json schema, const Json& value) {
  schema["default"] = value;
  schema["description"] = fmt::format("{}; default {}", schema["description"].get<std::string>(),
                                      value.is_string() ? value.get<std::string>() : value.dump());
  return schema;
}

Json tape_schema() {
  const auto time = [](const char* what) {
    return Json{{"type", "string"},
                {"pattern", "^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2})?)?$"},
                {"description", what}};
  };
  const Json symbols{{"type", "array"},
                     {"items", name_schema("a symbol of the tape")},
                     {"minItems", 1},
                     {"uniqueItems", true},
                     {"description", "which symbols to replay, in this order; default all"}};
  const Json file = name_schema("a tape that quotesweep-import has made");
  const Json part{
      {"type", "object"},
      {"properties",
       {{"file", file},
        {"symbols", symbols},
        {"from", time("first time of the replay, UTC, as 2018-04-04T12:30:00")},
        {"to", time("time before which the replay ends, UTC")},
        {"off_grid",
         {{"enum", {"refuse", "round"}},
          {"description",
           "what becomes of prices between ticks (market.tick): refuse, or round to the "
           "nearest tick; default refuse"}}}}},
      {"required", {"file"}},
      {"additionalProperties", false}};
  return {{"description", "historical bars to replay instead of simulating paths"},
          {"anyOf", {file, part}}};
}

Json symbols_schema() {
  Json properties = Json::object();
  for (const auto& parameter : parameters())
    if (parameter.engines != Engines::monte_carlo && may_differ_by_symbol(parameter))
      for (const auto& name : names_of(parameter)) properties[name] = parameter_schema(parameter);
  const Json symbol{
      {"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
  return {{"type", "object"},
          {"description", "parameters that a symbol of the tape has for itself, by symbol"},
          {"additionalProperties", symbol}};
}

void add_sections(Json& properties) {
  for (const auto& parameter : parameters()) {
    auto& section = properties[std::string(parameter.section())];
    section["type"] = "object";
    section["description"] = fmt::format("{} parameters", parameter.section());
    section["additionalProperties"] = false;
    section["properties"][std::string(parameter.key())] = parameter_schema(parameter);
  }
}

void add_settings(Json& properties) {
  const Study usual;
  properties["tape"] = tape_schema();
  properties["symbols"] = symbols_schema();
  properties["record"] = {
      {"type", "array"},
      {"items", count_schema("number of a point", 0, most_points - 1)},
      {"maxItems", 100},
      {"uniqueItems", true},
      {"default", Json::array()},
      {"description",
       "points of a replay whose series and trades are written beside the results; default none"}};
  properties["sweep"] = sweep_schema();
  properties["paths"] = with_default(
      count_schema("paths per point, rounded up to whole blocks", 1, most_paths), usual.paths);
  properties["block"] = with_default(
      count_schema("paths per block, the unit of reduction", 1, most_block), usual.block);
  properties["seed"] =
      with_default(count_schema("seed of the random numbers", 0, most_seed), usual.seed);
  properties["common_random_numbers"] = with_default(
      {{"type", "boolean"}, {"description", "whether all points see the same random draws"}},
      usual.common_random_numbers);
  properties["precision"] =
      with_default({{"enum", {"auto", "single", "double"}},
                    {"description",
                     "format of the lanes; sums are double in both. auto: double where a path may "
                     "have more than 40,000 fills"}},
                   "auto");
  properties["output"] = name_schema("path of the results file; default the study's name and .h5");
}

}  // namespace

int print_schema() {
  Json properties;
  properties["study"] = with_default(name_schema("name of the study"), Study{}.name);
  add_sections(properties);
  add_settings(properties);
  const Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"},
                    {"title", "quotesweep study"},
                    {"type", "object"},
                    {"properties", properties},
                    {"additionalProperties", false}};
  fmt::print("{}\n", schema.dump(2));
  return exit_complete;
}

}  // namespace quotesweep
