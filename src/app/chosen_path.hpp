#pragma once

#include "app/commands.hpp"
#include "config/read_point.hpp"

namespace quotesweep {

/// Reads a study, chooses a point (read_point) and says on stderr which path is shown. Throws Error
/// where the study has no path of this number.
ChosenPoint choose_path(const StudyOptions& options, std::optional<std::uint64_t> point,
                        std::uint64_t path);

}  // namespace quotesweep
