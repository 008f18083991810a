#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "experiment/study.hpp"

namespace quotesweep {

/// A result of a point by its name; NaN where there is none.
using ResultOf = std::function<double(std::string_view)>;

/// A point as warnings look at it: its scenario, of each symbol where it replays a tape.
struct WarnedPoint {
  const Study& study;
  std::vector<Scenario> scenarios;
};

/// Something about a point that is rarely meant, or where results have left the model. Both tests
/// are functions of study and results alone; either may be null.
struct PointWarning {
  std::string_view name;
  std::string_view text;  // what it is, and what to look at
  bool (*planned)(const WarnedPoint&);
  bool (*found)(const WarnedPoint&, const ResultOf&);
};

/// All of them; the one at place i has the flag 2^i.
std::span<const PointWarning> point_warnings();

/// Sum of the flags that a point raises before it is run, and with its results.
double planned_flags(const Study& study, std::uint64_t point);
double found_flags(const Study& study, std::uint64_t point, const ResultOf& result);

/// A line for each warning among points with these flags: "name: at 3 of 18 points: text".
std::vector<std::string> warning_lines(std::span<const double> flags);

/// The lines of what is known of a study before it is run; of more than 10,000 points the first.
std::vector<std::string> planned_warnings(const Study& study);

/// "1 name, 2 name, ...", as the results file explains its flags.
std::string flag_meanings();

/// A swept parameter and its value at every point.
struct WarnedAxis {
  std::string parameter;
  std::vector<double> values;
};

/// A line where the best value of `sharpe` lies at an end of an axis of at least three values that
/// is the user's to choose; else empty. Undefined values are left out.
std::string edge_warning(std::span<const WarnedAxis> axes, std::span<const double> sharpe);

}  // namespace quotesweep
