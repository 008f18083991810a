#pragma once

#include <string>
#include <vector>

#include "store/results_reader.hpp"

namespace quotesweep {

/// The variable that has the flags of point_warnings.
inline constexpr const char* warnings_variable = "warnings";

/// What a results file warns of, a line each: what its complete points have raised, and a best
/// cell at the edge of the grid.
std::vector<std::string> file_warnings(const ResultsReader& file);

/// The flags of every point; empty where the file has none.
std::vector<double> warning_flags(const ResultsReader& file);

/// "  (name, name)" of what a point has raised, or "".
std::string flag_names(double flags);

/// "warning: " before each line.
void print_warnings(const std::vector<std::string>& lines);

/// Throws Error where there are any, which --strict makes errors.
void refuse_warnings(const std::vector<std::string>& lines);

}  // namespace quotesweep
