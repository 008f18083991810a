#pragma once

#include <string>

#include "experiment/study.hpp"

namespace quotesweep {

/// A size such as 40 kB or 1.20 GB.
std::string size_text(double bytes);

/// Bytes of a study's results file.
double file_bytes(const Study& study);

}  // namespace quotesweep
