#include "experiment/study.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "experiment/parameter.hpp"

namespace quotesweep {
namespace {

/// Swept names and values of a point, such as "strategy.gamma = 0.1, risk.q_max = 3".
std::string point_text(const Study& study, std::uint64_t point) {
  const auto values = study.design.point(point);
  std::string text;
  for (std::size_t i = 0; i < values.size(); ++i)
    text += fmt::format("{}{} = {}", i == 0 ? "" : ", ", study.design.axes[i].parameter, values[i]);
  return text;
}

bool sweeps_any_of(const Study& study, std::initializer_list<std::string_view> names) {
  return std::ranges::any_of(study.design.axes, [&](const Axis& axis) {
    return std::ranges::find(names, axis.parameter) != names.end();
  });
}

}  // namespace

std::string resolved_text(const Study& study) {
  std::string text;
  for (const auto& parameter : parameters())
    text += fmt::format("{} = {}\n", parameter.name,
                        value_text(parameter, parameter.get(study.scenario)));
  text += fmt::format("design = {}\n", study.design.kind == DesignKind::grid ? "grid" : "list");
  for (const auto& axis : study.design.axes)
    text += fmt::format("sweep.{} = [{}]\n", axis.parameter, fmt::join(axis.values, ", "));
  text += fmt::format(
      "paths = {}\nblock = {}\nseed = {}\ncommon_random_numbers = {}\nprecision = {}\n",
      study.blocks() * study.block, study.block, study.seed, study.common_random_numbers,
      study.precision == Precision::single_ ? "single" : "double");
  return text;
}

std::string study_hash(const Study& study) {
  Sha256 hash;
  hash.add(resolved_text(study));
  return to_hex(hash.finish());
}

Scenario point_scenario(const Study& study, std::uint64_t point) {
  Scenario scenario = study.scenario;
  const auto values = study.design.point(point);
  for (std::size_t i = 0; i < values.size(); ++i)
    find_parameter(study.design.axes[i].parameter).set(scenario, values[i]);
  return scenario;
}

std::uint64_t draw_key(const Study& study, std::uint64_t point) {
  if (study.common_random_numbers) return study.seed;
  std::string bytes = fmt::format("{}", study.seed);
  const auto values = study.design.point(point);
  for (std::size_t i = 0; i < values.size(); ++i) {
    bytes += '\n' + study.design.axes[i].parameter + ' ';
    bytes.append(reinterpret_cast<const char*>(&values[i]), sizeof(double));
  }
  return hash_64(std::as_bytes(std::span(bytes)));
}

Work count_work(const Study& study) {
  Work work;
  for (std::uint64_t point = 0; point < study.design.size(); ++point) {
    const auto steps = step_count(point_scenario(study, point).market);
    work.steps += static_cast<double>(steps);
    work.longest_path = std::max(work.longest_path, steps);
  }
  work.steps *= static_cast<double>(study.blocks() * study.block);
  return work;
}

void check_points(const Study& study) {
  const bool alike = !sweeps_any_of(study, {"market.T", "market.dt", "metrics.clock"});
  const std::uint64_t count = alike ? 1 : study.design.size();
  for (std::uint64_t point = 0; point < count; ++point) {
    try {
      check_scenario(point_scenario(study, point));
    } catch (const Error& error) {
      if (alike) throw;
      throw Error("point {} ({}): {}", point, point_text(study, point), error.what());
    }
  }
}

}  // namespace quotesweep
