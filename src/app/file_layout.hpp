#pragma once

#include "experiment/study.hpp"
#include "store/layout.hpp"

namespace quotesweep {

/// Layout of a study's results file: dimensions, coordinates, result variables and provenance.
Layout file_layout(const Study& study);

}  // namespace quotesweep
