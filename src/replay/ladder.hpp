#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "market/lanes.hpp"
#include "replay/indicators.hpp"
#include "replay/pack.hpp"
#include "sim/scenario.hpp"

namespace quotesweep {

/// Lanes of a replay that step through the tape together: parameter points, at most so many.
inline constexpr int replay_lanes = 64;

/// One number of every lane's scenario; lanes beyond the last repeat it.
template <class Of>
Column column(std::span<const Scenario> lanes, Of of) {
  Column values{};
  for (int lane = 0; lane < lane_count; ++lane)
    values[lane] = of(lanes[std::min(static_cast<std::size_t>(lane), lanes.size() - 1)]);
  return values;
}

/// Calls `body(lane)` for lanes 0 to `lanes` - 1, a vector register at a time.
template <class Body>
inline void each_lane(int lanes, Body body) {
  for (int first = 0; first < lanes; first += lane_step)
#pragma omp simd
    for (int i = 0; i < lane_step; ++i) body(first + i);
}

/// Whether `condition(lane)` holds in any lane.
template <class Condition>
inline bool any_lane(int lanes, Condition condition) {
  std::int64_t any = 0;
#pragma omp simd reduction(| : any)
  for (int lane = 0; lane < lanes; ++lane) any |= static_cast<std::int64_t>(condition(lane));
  return any != 0;
}

/// What a ladder strategy sees at a bar's open. Columns are over lanes.
struct LadderInput {
  int lanes;                        // a multiple of lane_step
  std::int64_t bar;                 // from 0
  double open;                      // S [price]
  double time_left;                 // [time]
  std::span<const double> signals;  // the indicators that the strategy has asked for, in its order
  const Column& position;           // [units]
  const Column& entry;              // average entry price [price]
  const Column& margin;             // the symbol's share of the margin [price]
  const Column& max_position;       // largest |position| by leverage and q_max [units]
};

/// Orders at one level of a side; a size of 0 is none.
struct LadderLevel {
  Column bid, ask;            // [price]
  Column bid_size, ask_size;  // [units]
};

/// What a strategy wants: levels from the inside out.
struct Ladder {
  Column reservation;  // reservation price [price]
  std::vector<LadderLevel> levels;
};

/// A strategy of a replay: one call serves a block of lanes, each a parameter point of its own with
/// the same number of levels and the same indicators. An object belongs to one block.
class LadderStrategy {
 public:
  virtual ~LadderStrategy() = default;

  /// Indicators to be told at every bar.
  virtual std::vector<Indicator> signals() const { return {}; }

  /// Sets reservation price, prices and sizes of all levels and lanes.
  virtual void quote(const LadderInput& input, Ladder& ladder) = 0;
};

/// How far ahead the quotes of a strategy are worked out on a tape of `steps` bars and a last one
/// [time]: exact glft quotes with a running horizon go no further than that, wherever the tape
/// ends.
double quoting_horizon(const Scenario& scenario, std::int64_t steps);

/// Positions, in lots, that quotes on such a tape may be asked for: an order a bar and side leads
/// to no more than there are steps, however short the running horizon is.
InventoryRange range_on_tape(Scenario lots, std::int64_t steps);

/// The strategy that the points of a block name; each has the same one. `steps` is the number of
/// bars less one. Throws Error where a strategy cannot be used in a replay.
std::unique_ptr<LadderStrategy> make_ladder_strategy(std::span<const Scenario> lanes,
                                                     std::int64_t steps);

}  // namespace quotesweep
