#include "experiment/study_change.hpp"

#include <algorithm>
#include <map>
#include <sstream>

#include "base/error.hpp"

namespace quotesweep {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

Settings settings_of(const std::string& text) {
  Settings settings;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto equals = line.find(" = ");
    if (equals != std::string::npos)
      settings.emplace_back(line.substr(0, equals), line.substr(equals + 3));
  }
  return settings;
}

std::string value_of(const Settings& settings, const std::string& key) {
  const auto found = std::ranges::find(settings, key, &Settings::value_type::first);
  return found == settings.end() ? "" : found->second;
}

/// Points of a design by their values.
std::map<std::vector<double>, std::uint64_t> points_by_value(const Design& design) {
  std::map<std::vector<double>, std::uint64_t> points;
  for (std::uint64_t point = 0; point < design.size(); ++point)
    points.emplace(design.point(point), point);
  return points;
}

bool same_axes(const Design& a, const Design& b) {
  return a.kind == b.kind &&
         std::ranges::equal(a.axes, b.axes, {}, &Axis::parameter, &Axis::parameter);
}

}  // namespace

std::vector<Difference> differences(const std::string& before, const std::string& now) {
  const auto old_settings = settings_of(before), new_settings = settings_of(now);
  std::vector<Difference> all;
  for (const auto& [key, value] : old_settings)
    if (const auto other = value_of(new_settings, key); other != value)
      all.push_back({key, value, other});
  for (const auto& [key, value] : new_settings)
    if (value_of(old_settings, key).empty()) all.push_back({key, "", value});
  return all;
}

void check_same_tape(const std::string& path, const std::string& before, const std::string& now) {
  const auto there = value_of(settings_of(before), "tape"),
             here = value_of(settings_of(now), "tape");
  if (there.empty() || here.empty() || there == here) return;
  throw Error(
      "{}: was made from a tape of other content, or from other symbols or times of it (SHA-256 {} "
      "there, {} here). Restore that tape, replace the file with --fresh, or choose another name "
      "with -o.",
      path, there, here);
}

std::optional<std::vector<std::uint64_t>> extension(const Study& before, const Study& now) {
  Study as_before = now;
  as_before.design = before.design;
  as_before.paths = before.paths;
  if (resolved_text(as_before) != resolved_text(before) || now.blocks() < before.blocks() ||
      !same_axes(before.design, now.design))
    return std::nullopt;
  const auto points = points_by_value(now.design);
  std::vector<std::uint64_t> places;
  for (std::uint64_t point = 0; point < before.design.size(); ++point) {
    const auto found = points.find(before.design.point(point));
    if (found == points.end()) return std::nullopt;
    places.push_back(found->second);
  }
  return places;
}

}  // namespace quotesweep
