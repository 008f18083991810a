#include <fmt/format.h>

#include "app/commands.hpp"
#include "base/error.hpp"
#include "experiment/parameter.hpp"

namespace quotesweep {
namespace {

std::string default_text(const Parameter& parameter) {
  return value_text(parameter, parameter.get(Scenario{}));
}

std::string values_text(const Parameter& parameter) {
  if (parameter.kind == ParameterKind::flag) return "true or false";
  if (parameter.kind == ParameterKind::choice)
    return fmt::format("{}", fmt::join(parameter.choices, " | "));
  const char* kind = parameter.kind == ParameterKind::integer ? "whole number " : "";
  return kind + parameter.range.text();
}

void describe_one(const Parameter& parameter) {
  fmt::print("{}\n  {}\n", parameter.name, parameter.meaning);
  if (!parameter.unit.empty()) fmt::print("  unit     {}\n", parameter.unit);
  fmt::print("  values   {}\n  default  {}\n", values_text(parameter), default_text(parameter));
  if (const auto where = parameter.applies_where(); !where.empty())
    fmt::print("  only     with {}\n", where);
  fmt::print("  sweep    {}\n", parameter.sweepable() ? "yes" : "no");
}

}  // namespace

int describe(const std::string& name) {
  if (!name.empty()) {
    describe_one(find_parameter(name));
    return exit_complete;
  }
  std::string_view section;
  for (const auto& parameter : parameters()) {
    if (parameter.section() != section)
      fmt::print("{}{}\n", section.empty() ? "" : "\n", parameter.section());
    section = parameter.section();
    fmt::print("  {:<18} {:<18} {:<42} default {}\n", parameter.key(), parameter.unit,
               values_text(parameter), default_text(parameter));
  }
  fmt::print("\n`quotesweep describe PARAMETER` says what one means.\n");
  return exit_complete;
}

}  // namespace quotesweep
