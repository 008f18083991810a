#pragma once

#include <limits>

namespace quotesweep {

/// What a trade has done to a position by average cost.
template <class Real>
struct Booked {
  Real entry;         // of the position afterwards [price]
  Real closed, gain;  // closed by the trade [units], realised by it [price]
  Real along;         // how far the position is in the trade's direction afterwards [units]
};

/// Adds a trade of `traded` >= 0 units, bought (side 1) or sold (side -1), at `price` to a position
/// of `units` with the average entry price `entry`. Where nothing is traded any finite price will
/// do.
template <class Real>
[[gnu::always_inline]] inline Booked<Real> book_at_average_cost(Real units, Real entry, Real side,
                                                                Real traded, Real price) {
  const Real along = side * units;  // how far the position is in the trade's direction
  const Real against = -along > Real(0) ? -along : Real(0);
  const Real closed = traded < against ? traded : against;
  const Real opened = traded - closed, now = along + traded, better = price - entry;
  constexpr Real least = std::numeric_limits<Real>::min();  // where nothing is opened
  const Real share = opened / (now > least ? now : least);
  return {entry + better * share, closed, closed * -side * better, now};
}

}  // namespace quotesweep
