#pragma once

#include <cstdint>
#include <memory>

#include "sim/scenario.hpp"

namespace quotesweep {

/// Steps between settlements. Long enough that loading a point's lanes costs nothing, short enough
/// that the draws of a chunk stay in the second-level cache.
inline constexpr int chunk_steps = 50;

/// One parameter combination, ready to simulate: its scenario in lots. Copies share what was
/// computed beforehand.
struct PointInput {
  PointInput() = default;
  PointInput(const Scenario& in_units, std::uint64_t random_key)
      : scenario(in_lots(in_units)),
        lot(in_units.strategy.quantity),
        key(random_key),
        quotes(make_quote_table(scenario.strategy, quoted_process(scenario), scenario.fills,
                                inventory_range(scenario))) {}

  Scenario scenario;
  double lot = 1.0;       // what a lot has [units], and so what money here is, too
  std::uint64_t key = 0;  // of the random numbers
  std::shared_ptr<const QuoteTable> quotes;

  bool operator==(const PointInput&) const = default;
};

/// What decides the draws of a point.
inline DrawSpec draw_spec(const PointInput& point) {
  return {point.key, point.scenario.market.moves, point.scenario.fills.probability};
}

}  // namespace quotesweep
