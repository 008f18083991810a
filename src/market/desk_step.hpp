#pragma once

#include "market/draws.hpp"
#include "market/market_path.hpp"
#include "market/signal_step.hpp"

namespace quotesweep {

/// What one step of a complete market maker needs from outside.
template <class Real>
struct DeskStep {
  StepDraws<Real> draws;
  MarketStep<Real> market;
  SignalStep<Real> signals;
};

/// What one step brings one lane.
template <class Real>
struct LaneGain {
  Real bid, ask;            // distances of the quotes from the mid, `no_quote` included [price]
  Real bought, sold;        // [units]
  Real before, inventory;   // the fills, and after them [units]
  Real value;               // of the fills [price]
  Real spread, bias, fees;  // parts of the change [price]
  Real holding, pair;       // the others
  Real change;              // of equity [price]
};

}  // namespace quotesweep
