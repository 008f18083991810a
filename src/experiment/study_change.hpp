#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiment/study.hpp"

namespace quotesweep {

/// A setting that two studies have differently.
struct Difference {
  std::string key;
  std::string before, now;  // "" where a study has no such key
};

/// Settings in which two resolved texts differ, in their order.
std::vector<Difference> differences(const std::string& before, const std::string& now);

/// Throws Error where two resolved texts of studies are of different tapes, or of different parts.
void check_same_tape(const std::string& path, const std::string& before, const std::string& now);

/// Where the points of `before` are in `now`, by number, if `now` only adds to it: more paths, or
/// more values on the axes, everything else equal. Nothing where it does not.
std::optional<std::vector<std::uint64_t>> extension(const Study& before, const Study& now);

}  // namespace quotesweep
