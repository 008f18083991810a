#pragma once

#include <string>
#include <vector>

#include "metrics/point_results.hpp"
#include "replay/interval_series.hpp"

namespace quotesweep {

/// The results of a point on a tape with these symbols, in the order of `replay_results`. Standard
/// errors are by the stationary bootstrap over the clock's intervals.
std::vector<ResultDefinition> replay_definitions(const std::vector<std::string>& symbols,
                                                 std::size_t windows);

/// Replays the whole tape in all lanes; the results of every point.
std::vector<std::vector<double>> replay_results(ReplayRunner& runner, const Tape& tape,
                                                const ReplayMeasure& measure, std::size_t points);

}  // namespace quotesweep
