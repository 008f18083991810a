#pragma once

#include "experiment/study.hpp"

namespace quotesweep {

/// Holds the prices of a study's tape to the ticks of its symbols: refuses what lies between ticks,
/// or rounds it where the study says so; then the rounded tape is what is replayed. Ticks of
/// `strategy.origin_conventions` are for quotes only. Throws Error naming market.tick.
void put_on_grid(Study& study);

}  // namespace quotesweep
