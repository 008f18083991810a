#pragma once

#include <cstdint>
#include <vector>

#include "sim/engine.hpp"

namespace quotesweep {

/// One step of one path: quotes and draws, and what has become of the market maker after the fills
/// and the move.
struct TraceStep {
  double time;                // t_i at the start of the step [time]
  double mid;                 // S_i [price]
  double bid, ask;            // quoted prices; NaN where there is no quote [price]
  double bid_draw, ask_draw;  // V uniform on (0, 1): a fill iff V < its probability
  double bought, sold;        // [units]
  double move;                // xi, mean 0 and variance 1, of the draws
  double partner_draw;        // eta of the partner, mean 0 and variance 1; NaN without one
  double imbalance_draw;      // zeta of the imbalance, likewise
  double next_mid;            // S_{i+1} [price]
  double inventory;           // after the fills, and after a stop [units]
  double cash;                // equity - capital - inventory x next_mid [price]
  double equity;              // after the move [price]
  double drawdown;            // highest equity so far less this [price]
};

/// The very path that a sweep simulates: the same lanes, draws and settlements, looked at step by
/// step. Bids, fills, inventory and equity are the lanes' own numbers, in units and money; mid is
/// their walk in double precision, where there is more than bare quotes the sum of the market's own
/// moves. What stops and pair trading do at market shows in inventory and equity only.
std::vector<TraceStep> trace_path(const PointInput& point, Precision precision, std::uint64_t path);

}  // namespace quotesweep
