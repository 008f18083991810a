#pragma once

#include <algorithm>
#include <vector>

#include "sim/point_runner.hpp"

namespace quotesweep::testing {

/// Path quantities of a block of lanes.
struct LaneResults {
  std::vector<std::vector<double>> rows =
      std::vector<std::vector<double>>(quantity_count, std::vector<double>(lane_count));
  PathRows view() {
    PathRows result;
    for (std::size_t i = 0; i < rows.size(); ++i) result.rows[i] = rows[i].data();
    return result;
  }
  double at(PathQuantity quantity, int lane) const {
    return rows[static_cast<std::size_t>(quantity)][static_cast<std::size_t>(lane)];
  }
};

/// The paths from `first_path` on, one lane block of them.
template <class Real>
LaneResults run_point(const Scenario& scenario, std::uint64_t key, std::uint64_t first_path,
                      int chunk = chunk_steps) {
  PointRunner<Real> runner(PointInput(scenario, key));
  DrawStream<Real> stream({key, scenario.market.moves, scenario.fills.probability}, first_path,
                          chunk);
  runner.begin();
  for (auto left = static_cast<int>(step_count(scenario.market)); left > 0; left -= chunk) {
    stream.advance(std::min(chunk, left));
    runner.advance(stream, std::min(chunk, left));
  }
  LaneResults results;
  runner.finish(results.view());
  return results;
}

}  // namespace quotesweep::testing
