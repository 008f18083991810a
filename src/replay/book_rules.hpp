#pragma once

#include <span>

#include "market/average_cost.hpp"
#include "replay/pack.hpp"
#include "replay/price_levels.hpp"
#include "sim/scenario.hpp"

/// What happens to orders and positions at a bar, as formulas over a lane or a register of lanes.
namespace quotesweep {

inline constexpr double unreachable = 1e300;  // [levels, price or units]

/// Limits are met but for this part of them, which is rounding.
inline constexpr double limit_slack = 1e-9;

/// Money of a block of lanes that all symbols share.
struct Wallet {
  Column balance;  // capital, realised P&L and fees [price]
  Column margin;   // balance + unrealised P&L at the last close [price]
  Column at_open;  // the same at the present open [price]
  Column active;   // 1 while the lane trades, else 0
};

/// What became of a lane's orders and trades, over all symbols. Each order is sent, and then filled
/// or cancelled; or it is rejected.
struct TradeCounts {
  Column sent{}, rejected_value{}, rejected_room{};  // settled
  Column tally{};             // of the same since the last settlement, in one number
  Column fills{};             // of resting orders
  Column taken{};             // trades at market
  Column closings{}, wins{};  // trades that closed something, and those that gained by it
  Column flips{};             // trades that changed the sign of a position
  Column turnover{};          // bought and sold [price]
};

/// Orders that a tally can count; before there may be more, it must be settled.
inline constexpr std::size_t most_tallied = (1 << 17) - 1;
// A tally holds three counts, each in its own 17 bits.
inline constexpr double value_tally = 0x1p17, room_tally = 0x1p34;

/// Where a condition holds: of a lane or a register of them.
template <class V>
using Where = decltype(V{} > V{});

/// Adds tallies to the settled counts.
void settle_counts(TradeCounts& counts, int lanes);

/// What lanes have of a symbol.
struct Holdings {
  Column position{};    // [units]
  Column entry{};       // average price [price]
  Column realized{};    // P&L [price]
  Column fees{};        // paid [price]
  Column unrealized{};  // P&L at the last mark [price]
};

/// What a symbol's orders and positions are held to.
struct BookTerms {
  /// `lanes` are the points' scenarios for this symbol, alike but for numbers that lanes may have
  /// each for itself. Leverage limits are shared among `symbols` symbols.
  BookTerms(std::span<const Scenario> lanes, int symbols);

  FillRule rule;
  bool worse, origin, cuts, post_only, has_lots = false;
  std::size_t levels, depth, latency;  // depth: bars for which an order has its slot
  PriceLevels prices;                  // where orders rest
  double through;                      // beyond its price an order fills [levels]
  Column maker_fee, taker_fee, lot, min_value, slippage;
  Column max_leverage;    // of a symbol on its share of the margin, and of all on all of it [1]
  Column order_leverage;  // the same for the order check; in the origin once more by symbols
  Column emergency;       // leverage of a symbol that is closed [1]
  Column exit_leverage;   // of all together that are closed [1]
  Column q_max;           // [units]
};

/// What a bar's open and the margin allow.
template <class V>
struct Limits {
  V value;         // of the position at the open [price]
  V max_position;  // by leverage and q_max [units]
};

template <class V>
inline Limits<V> limits_at(const BookTerms& terms, double open, const V& position, const V& share,
                           int lane) {
  const V by_leverage = at<V>(terms.max_leverage, lane) * share * (1.0 / open);
  const V q_max = at<V>(terms.q_max, lane);
  return {.value = position * open, .max_position = by_leverage < q_max ? by_leverage : q_max};
}

/// One side of a symbol while its orders are sent one after the other: what is held at the open (as
/// negative where it is on the other side) and what rests, each at its own price; and the most of
/// it.
template <class V>
struct SideRoom {
  V units;     // held and resting [units]
  V value;     // of that [price]
  V position;  // at which orders are no longer sent: the largest position, or 0 [units]
  V q_max;     // [units]
  V most;      // of the value [price]

  /// Most units that still fit at a price.
  V units_at(const V& price) const {
    const V by_value = (most - value) / price, by_units = q_max - units;
    return by_value < by_units ? by_value : by_units;
  }
  Where<V> asks_for(const V& size) const {
    return (position - units > limit_slack * (size + magnitude(units))) & (size > V{});
  }
  Where<V> has_room(const V& size, const V& worth) const {
    return (value + worth <= most * (1.0 + limit_slack)) &
           (units + size <= q_max * (1.0 + limit_slack));
  }
  void take(const Where<V>& sent, const V& size, const V& worth) {
    units = sent ? units + size : units;
    value = sent ? value + worth : value;
  }
};

/// How an order fares.
template <class V>
struct Outcome {
  Where<V> asked, sent;
  V tally;  // 0 where it is not asked for
};

/// Whether an order whose value is `worth` is sent, given whether it is asked for and fits.
template <class V>
inline Outcome<V> check_order(const BookTerms& terms, const V& worth, const Where<V>& asked,
                              const Where<V>& fits, int lane) {
  const V none{}, one = none + 1.0;
  const auto heavy = (worth >= at<V>(terms.min_value, lane) * (1.0 - limit_slack)) & (worth > none);
  const V by_room = fits ? one : none + room_tally;
  const V by_value = heavy ? by_room : none + value_tally;
  const V tally = asked ? by_value : none;
  return {.asked = asked, .sent = tally == one, .tally = tally};
}

/// What a fill changes that the next step looks at.
template <class V>
struct Standing {
  V position, entry, balance;
};

template <class V>
inline Booked<V> book(const Standing<V>& before, const V& traded, const V& price) {
  constexpr int lanes = sizeof(V) / sizeof(double);
  Booked<V> all;
#pragma omp simd
  for (int i = 0; i < lanes; ++i) {
    const auto one =
        book_at_average_cost<double>(lane_of(before.position, i), lane_of(before.entry, i),
                                     lane_of(traded, i), lane_of(price, i));
    lane_of(all.entry, i) = one.entry;
    lane_of(all.closed, i) = one.closed;
    lane_of(all.gain, i) = one.gain;
  }
  return all;
}

/// An order at its height (side x level), which is that of no order where there is none.
template <class V>
struct Order {
  V height, size;
};

/// How far a bar reaches [side x level].
struct Reach {
  double bound;    // orders at this height or above are filled
  double at_once;  // those at this height or above trade there, as taker
};

/// A position after a trade; none where all that is left is rounding.
template <class V>
inline V position_after(const V& before, const V& traded) {
  const V after = before + traded;
  return magnitude(after) > 1e-9 * magnitude(traded) ? after : V{};
}

/// Whether closing units at a price has gained more than rounding.
template <class V>
inline Where<V> is_gain(const V& gain, const V& closed, const V& price) {
  return gain > 1e-12 * magnitude(closed) * price;
}

/// Fills orders of one side that a bar reaches.
template <int side, class V>
inline V take_fill(const BookTerms& terms, const Order<V>& order, const Reach& reach,
                   Standing<V>& standing, Holdings& held, TradeCounts& counts, int lane) {
  const V filled = one_where<V>(order.height >= reach.bound);
  const V crossed = one_where<V>(order.height >= reach.at_once);
  const V traded = filled * order.size, none{};
  const V height = order.height >= reach.at_once ? none + reach.at_once : order.height;
  const V price = double{side} * terms.prices.unit() * height * filled;
  const V signed_units = double{side} * traded;
  const auto booked = book<V>(standing, signed_units, price);
  const V rate =
      crossed * at<V>(terms.taker_fee, lane) + (1.0 - crossed) * at<V>(terms.maker_fee, lane);
  const V value = traded * price, fee = rate * value;
  const V closing = one_where<V>(booked.closed != 0.0);
  standing.position = position_after(standing.position, signed_units);
  standing.entry = booked.entry;
  standing.balance += booked.gain - fee;
  at<V>(held.realized, lane) += booked.gain;
  at<V>(held.fees, lane) += fee;
  at<V>(counts.fills, lane) += filled;
  at<V>(counts.closings, lane) += closing;
  at<V>(counts.wins, lane) += one_where<V>(is_gain(booked.gain, booked.closed, price));
  at<V>(counts.flips, lane) += closing * one_where<V>(traded > magnitude(booked.closed)) *
                               one_where<V>(standing.position != none);
  at<V>(counts.turnover, lane) += value;
  return filled;
}

}  // namespace quotesweep
