#pragma once

#include "config/yaml_source.hpp"
#include "sweep/design.hpp"

namespace quotesweep {

/// Reads the key `sweep`: a mapping from parameters to values is a grid, a sequence of mappings is
/// a list of points. Values are [a, b, ...], {linear: [a, b], points: n} or {log: [a, b], points:
/// n}. Throws Error for whatever is wrong.
Design read_design(const YamlSource& source, const Entry& sweep);

}  // namespace quotesweep
