#pragma once

#include "experiment/study.hpp"

namespace quotesweep {

/// What `plan` says of a study that replays a tape, below its points: tape, bars, time, memory,
/// file.
void print_replay_plan(const Study& study, int threads);

}  // namespace quotesweep
