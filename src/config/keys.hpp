#pragma once

#include <algorithm>
#include <span>
#include <string_view>
#include <vector>

namespace quotesweep {

/// Keys of a study beside the sections of its parameters.
std::span<const std::string_view> study_keys();

/// Sections of the parameters, in order.
std::vector<std::string_view> section_names();

inline bool contains(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace quotesweep
