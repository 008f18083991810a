#include "config/keys.hpp"

#include "experiment/parameter.hpp"

namespace quotesweep {

std::span<const std::string_view> study_keys() {
  static constexpr std::string_view keys[] = {"study",     "tape",  "symbols",
                                              "record",    "sweep", "paths",
                                              "block",     "seed",  "common_random_numbers",
                                              "precision", "output"};
  return keys;
}

std::vector<std::string_view> section_names() {
  std::vector<std::string_view> names;
  for (const auto& parameter : parameters())
    if (!contains(names, parameter.section())) names.push_back(parameter.section());
  return names;
}

}  // namespace quotesweep
