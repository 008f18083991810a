#pragma once

#include <string>

#include "store/results_reader.hpp"

namespace quotesweep {

/// SHA-256 over coordinates and results, sorted by name, without attributes, timings or the
/// resumable state; hexadecimal. FORMAT.md says exactly what is hashed.
std::string digest(const ResultsReader& file);

}  // namespace quotesweep
