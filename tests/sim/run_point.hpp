#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
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

/// A metric that looks at nothing, with which a runner has to take steps by passes.
template <class Real>
struct NoMetric final : PathMetric<Real> {
  void begin(const Lanes<Real>&) override {}
  void observe(const Quotes<Real>&, const Lanes<Real>&) override { ++steps; }
  void settle(const Lanes<Real>&) override {}
  void finish(const Lanes<Real>&, const PathRows&) override { REQUIRE(steps > 0); }
  int steps = 0;
};

/// The paths from `first_path` on, one lane block of them.
template <class Real>
LaneResults run_point(const Scenario& scenario, std::uint64_t key, std::uint64_t first_path,
                      int chunk = chunk_steps, bool by_passes = false) {
  PointRunner<Real> runner(PointInput(scenario, key));
  if (by_passes) runner.add(std::make_unique<NoMetric<Real>>());
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
