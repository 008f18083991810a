#pragma once

#include "market/draws.hpp"
#include "market/market_path.hpp"
#include "market/signal_step.hpp"

namespace quotesweep {

/// What trading in a pair brings those who have never left the market at one step, each an array
/// over lanes; null where nobody does.
template <class Real>
struct PairStep {
  const Real* gain = nullptr;   // [price]
  const Real* units = nullptr;  // of the position, after this step's trades
  const Real* hedge = nullptr;  // its hedge ratio
  // Since the first step of the chunk, this one included:
  const Real* gained = nullptr;        // [price]
  const Real* taken_value = nullptr;   // bought and sold at market [price]
  const Real* taken_trades = nullptr;  // number of these trades
};

/// What one step of a complete market maker needs from outside.
template <class Real>
struct DeskStep {
  StepDraws<Real> draws;
  MarketStep<Real> market;
  SignalStep<Real> signals;
  PairStep<Real> pair{};
};

/// What one step brings one lane.
template <class Real>
struct LaneGain {
  Real bid, ask;           // distances of the quotes from the mid, `no_quote` included [price]
  Real bought, sold, net;  // the last is what is bought less what is sold [units]
  Real before, inventory;  // the fills, and after them [units]
  Real value;              // of the fills [price]
  // Parts of the change; the rest is by holding the inventory and the pair [price].
  Real captured;  // by filling at a distance from the mid
  Real fees;      // a loss is negative
  Real change;    // of equity [price]
};

}  // namespace quotesweep
