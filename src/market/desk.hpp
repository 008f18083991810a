#pragma once

#include <cstdint>

#include "base/elementary.hpp"
#include "market/lanes.hpp"

namespace quotesweep {

/// What a lane asks for at one step, on the way from its strategy to its orders.
template <class Real>
struct LaneOrders {
  Real bid, ask;              // distances from the mid, or `no_quote` [price]
  Real bid_level, ask_level;  // see QuoteShape
  Real bid_size, ask_size;    // [units]
  Real bias_shift;            // by how much the pair signal has raised both [price]
  bool bid_open, ask_open;    // whether there is such an order
};

/// The levels of orders that are not there, so far away that nobody trades with them.
template <class Real>
inline constexpr Real no_bid = Real(-1e30);
template <class Real>
inline constexpr Real no_ask = Real(1e30);

/// For counts of lanes, as wide as their numbers.
template <class Real>
using CountBits = typename elementary::Format<Real>::Bits;

/// An order in `Desk::sent`, which has steps at a limit below it.
inline constexpr unsigned order_mark = 128;

/// State of a complete market maker beside that of `Lanes`: orders with sizes, a position in the
/// spread of a pair, and stops.
template <class Real>
struct Desk {
  // Orders that are open after the fills of the current step.
  LaneArray<Real> bid_level, ask_level;  // see QuoteShape; or `no_bid`, `no_ask`
  LaneArray<Real> bias_shift;            // by how much the pair signal has raised both quotes
  // Orders in this interval of their limit, times order_mark, and steps since the last settlement
  // in which a limit took a quote away.
  LaneArray<CountBits<Real>> sent;

  // Position in the spread of a pair: `pair_units` of the traded asset against
  // -pair_units x pair_hedge of the partner.
  LaneArray<Real> pair_units, pair_hedge;
  LaneArray<Real> pair_direction;  // of the signal

  // What the lanes of `pair_traded` have traded of the pair in this step; 0 in all others.
  LaneList pair_traded;
  LaneArray<Real> pair_cost;     // [price]
  LaneArray<Real> pair_gain;     // of all lanes, by the move of the spread and that cost [price]
  LaneArray<Real> taken_value;   // bought and sold at market [price]
  LaneArray<Real> taken_trades;  // number of these trades

  LaneArray<Real> steps_out;           // steps still to stay out of the market
  LaneArray<std::int32_t> stop_asked;  // a StopReason for which to leave the market, or 0
};

/// Trades at market by which a lane has left the market.
template <class Real>
struct Taken {
  Real cost = Real(0), value = Real(0);  // [price]
  Real inventory_cost = Real(0);         // part of the cost, without that of the pair [price]
  Real trades = Real(0);
};

/// Why a stop came.
enum StopReason : std::int32_t {
  no_stop = 0,
  drawdown_reason = 1,
  var_reason = 2,
  kill_reason = 3
};

}  // namespace quotesweep
