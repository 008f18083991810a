#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiment/study.hpp"

namespace quotesweep {

/// A study and one of its points.
struct ChosenPoint {
  Study study;
  std::uint64_t point = 0;
};

/// Reads a study and chooses one of its points: by `number`, or by the values that overrides give
/// to swept parameters (the axis value within 1e-6 of them). Throws Error where that leaves none,
/// or several, and where the study has no paths because it replays a tape.
ChosenPoint read_point(const std::string& path, const std::vector<std::string>& overrides,
                       std::optional<std::uint64_t> number);

}  // namespace quotesweep
