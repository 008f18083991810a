#pragma once

#include "config/yaml_source.hpp"
#include "experiment/parameter.hpp"

namespace quotesweep {

/// A value of a parameter. Throws Error where it is of another kind or out of range.
double read_parameter(const Parameter& parameter, const Entry& entry);

}  // namespace quotesweep
