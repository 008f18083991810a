#pragma once

#include <cstdint>
#include <vector>

#include "sim/scenario.hpp"
#include "tape/tape.hpp"

namespace quotesweep {

/// One parameter point: a scenario per symbol of the tape, in its order. What concerns the whole
/// account (capital, margin limits, seed) is that of the first.
struct ReplayPoint {
  std::vector<Scenario> symbols;
  std::uint64_t seed = 0;
};

/// Bars in an interval of metrics.clock; 0 is left to `replay_clock`. Throws Error where the clock
/// is no whole number of bars.
std::size_t clock_bars(const Scenario& scenario);

/// What holds between a tape and a point's parameters. Throws Error.
void check_replay(const Tape& tape, const ReplayPoint& point);

/// What of that depends on a point's limits alone.
void check_limits(const ReplayPoint& point);

/// Whether points may step through a tape in one block: what decides the flow is alike.
bool step_together(const ReplayPoint& a, const ReplayPoint& b);

/// Whether points such as this are replayed many bars at once where they fill no more than one
/// register of lanes.
bool steps_in_packs(const ReplayPoint& point);

}  // namespace quotesweep
