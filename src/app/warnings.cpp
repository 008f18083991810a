#include "app/warnings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "base/error.hpp"
#include "experiment/point_warnings.hpp"

namespace quotesweep {
namespace {

/// Numeric axes of the sweep, as the file has them.
std::vector<WarnedAxis> axes_of(const ResultsReader& file) {
  std::vector<WarnedAxis> axes;
  for (const auto& name : file.names())
    if (const auto parameter = file.attribute(name, "parameter");
        file.is_coordinate(name) && !parameter.empty() && file.type(name) != ElementType::text)
      axes.push_back({parameter, file.point_values(name)});
  return axes;
}

}  // namespace

std::vector<std::string> file_warnings(const ResultsReader& file) {
  auto flags = warning_flags(file);
  if (flags.empty()) return {};
  auto sharpe = file.read("sharpe");
  const auto status = file.read("status");
  for (std::size_t i = 0; i < status.size(); ++i)
    if (status[i] != static_cast<double>(PointStatus::complete)) {
      flags[i] = 0.0;
      sharpe[i] = std::numeric_limits<double>::quiet_NaN();
    }
  auto lines = warning_lines(flags);
  if (auto edge = edge_warning(axes_of(file), sharpe); !edge.empty())
    lines.push_back(std::move(edge));
  return lines;
}

std::vector<double> warning_flags(const ResultsReader& file) {
  const auto names = file.names();
  if (std::ranges::find(names, warnings_variable) == names.end()) return {};  // of an older version
  return file.read(warnings_variable);
}

std::string flag_names(double flags) {
  std::string names;
  const auto all = point_warnings();
  for (std::size_t i = 0; flags > 0.0 && i < all.size(); ++i)
    if ((static_cast<std::uint64_t>(flags) >> i & 1) != 0)
      names += fmt::format("{}{}", names.empty() ? "" : ", ", all[i].name);
  return names.empty() ? "" : fmt::format("  ({})", names);
}

void print_warnings(const std::vector<std::string>& lines) {
  for (const auto& line : lines) fmt::print("warning: {}\n", line);
}

void refuse_warnings(const std::vector<std::string>& lines) {
  if (!lines.empty())
    throw Error("{}\n--strict makes this an error; mend the study, or leave --strict out",
                fmt::join(lines, "\n"));
}

}  // namespace quotesweep
