#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/commands.hpp"
#include "experiment/parameter.hpp"
#include "experiment/study.hpp"

namespace quotesweep {
namespace {

using Json = nlohmann::ordered_json;

Json number_schema(const Parameter& parameter) {
  Json schema{{"type", parameter.kind == ParameterKind::integer ? "integer" : "number"}};
  const bool open = parameter.range.low_is == Range::Low::excluded;
  schema[open ? "exclusiveMinimum" : "minimum"] = parameter.range.low;
  schema["maximum"] = parameter.range.high;
  return schema;
}

Json parameter_schema(const Parameter& parameter) {
  Json schema;
  if (parameter.kind == ParameterKind::flag)
    schema["type"] = "boolean";
  else if (parameter.kind == ParameterKind::choice)
    schema["enum"] = parameter.choices;
  else
    schema = number_schema(parameter);
  std::string text(parameter.meaning);
  if (!parameter.unit.empty()) text += fmt::format(" [{}]", parameter.unit);
  schema["description"] = text;
  return schema;
}

/// {linear: [a, b], points: n} or the same with log, ends within the parameter's range.
Json spaced_schema(const char* kind, Json end) {
  end["type"] = "number";
  if (std::string_view(kind) == "log" && !end.contains("exclusiveMinimum") && end["minimum"] <= 0)
    end["exclusiveMinimum"] = 0;
  const Json ends{{"type", "array"}, {"items", end}, {"minItems", 2}, {"maxItems", 2}};
  return {{"type", "object"},
          {"properties", {{kind, ends}, {"points", {{"type", "integer"}, {"minimum", 1}}}}},
          {"required", {kind, "points"}},
          {"additionalProperties", false}};
}

Json sweep_schema() {
  Json axes = Json::object(), values = Json::object();
  for (const auto& parameter : parameters()) {
    if (!parameter.sweepable()) continue;
    const Json number = number_schema(parameter);
    const Json list{{"type", "array"}, {"items", number}, {"minItems", 1}, {"uniqueItems", true}};
    const Json axis{
        {"description", parameter_schema(parameter)["description"]},
        {"anyOf", {list, spaced_schema("linear", number), spaced_schema("log", number)}}};
    for (const auto name : {parameter.name, parameter.key()}) {
      axes[std::string(name)] = axis;
      values[std::string(name)] = number;
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

Json count_schema(const char* text, int least, std::uint64_t most) {
  return {{"type", "number"},
          {"minimum", least},
          {"maximum", most},
          {"multipleOf", 1},
          {"description", text}};
}

}  // namespace

int print_schema() {
  Json properties{{"study", {{"type", "string"}, {"description", "name of the study"}}}};
  for (const auto& parameter : parameters()) {
    auto& section = properties[std::string(parameter.section())];
    section["type"] = "object";
    section["additionalProperties"] = false;
    section["properties"][std::string(parameter.key())] = parameter_schema(parameter);
  }
  properties["sweep"] = sweep_schema();
  properties["paths"] = count_schema("paths per point, rounded up to whole blocks", 1, most_paths);
  properties["block"] = count_schema("paths per block, the unit of reduction", 1, most_block);
  properties["seed"] = count_schema("of the random numbers", 0, most_seed);
  properties["common_random_numbers"] = {
      {"type", "boolean"}, {"description", "whether all points see the same random draws"}};
  properties["precision"] = {{"enum", {"single", "double"}},
                             {"description", "format of the lanes; sums are double in both"}};
  properties["output"] = {{"type", "string"}, {"description", "path of the results file"}};
  const Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"},
                    {"title", "quotesweep study"},
                    {"type", "object"},
                    {"properties", properties},
                    {"additionalProperties", false}};
  fmt::print("{}\n", schema.dump(2));
  return exit_complete;
}

}  // namespace quotesweep
