#include "config/read_parameter.hpp"

#include <algorithm>
#include <cmath>

namespace quotesweep {

double read_parameter(const Parameter& parameter, const Entry& entry) {
  if (parameter.kind == ParameterKind::flag) return read_flag(entry) ? 1.0 : 0.0;
  if (parameter.kind == ParameterKind::choice) {
    const auto word = read_word(entry);
    const auto found = std::ranges::find(parameter.choices, word);
    if (found == parameter.choices.end())
      entry.fail(fmt::format("must be one of: {}{}", fmt::join(parameter.choices, ", "),
                             suggestion(word, parameter.choices)));
    return static_cast<double>(found - parameter.choices.begin());
  }
  const double value = read_number(entry);
  if (std::isinf(value) && !std::isinf(parameter.range.high))
    entry.fail("must be a finite number, such as 0.5 or 1e6");
  if (const auto problem = value_problem(parameter, value); !problem.empty()) entry.fail(problem);
  return value;
}

}  // namespace quotesweep
