#pragma once

#include <cstring>

#include "replay/walk_tape.hpp"

namespace quotesweep::testing {

/// Everything that a lane has come to.
inline std::vector<double> outcome(const ReplayRunner& runner, int lane) {
  std::vector<double> all;
  for (const auto& sum : runner.mark()) all.push_back(sum[lane]);
  TradeCounts settled = runner.counts();
  settle_counts(settled, runner.lanes());
  const auto& counts = settled;
  const auto& events = runner.events();
  for (const auto* column :
       {&runner.wallet().balance, &runner.max_drawdown(), &runner.exposure(), &counts.sent,
        &counts.rejected_value, &counts.rejected_room, &counts.fills, &counts.flips,
        &events.emergencies, &events.stopped, &events.liquidated, &events.stop_bar})
    all.push_back((*column)[lane]);
  return all;
}

inline bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

}  // namespace quotesweep::testing
