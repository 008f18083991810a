#pragma once

#include <string>
#include <vector>

#include "config/yaml_source.hpp"
#include "experiment/parameter.hpp"
#include "sweep/design.hpp"

namespace quotesweep {

/// Changes a document by "KEY=VALUE" arguments in order. KEY is any key of a study, a parameter's
/// whole or bare name, or "sweep." and an axis (or a part of one, such as sweep.gamma.points).
/// Throws Error naming the argument.
void apply_overrides(YamlSource& source, const std::vector<std::string>& arguments);

/// Whether an argument sets this parameter's own value.
bool sets_parameter(const std::vector<std::string>& arguments, const Parameter& parameter);

/// Throws Error where an argument gives a value to a swept parameter, because that would not be
/// used.
void check_overrides(const std::vector<std::string>& arguments, const Design& design);

}  // namespace quotesweep
