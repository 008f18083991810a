#pragma once

#include <limits>

#include "base/elementary.hpp"

namespace quotesweep {

/// What a trade has done to a position by average cost.
template <class Real>
struct Booked {
  Real entry;   // of the position afterwards [price]
  Real closed;  // of the position by the trade, with the position's sign [units]
  Real gain;    // realised by that [price]
};

/// Adds a trade of `traded` units (negative: sold) at `price` to a position of `units` with the
/// average entry price `entry`. Where nothing is traded any finite price will do.
template <class Real>
[[gnu::always_inline]] inline Booked<Real> book_at_average_cost(Real units, Real entry, Real traded,
                                                                Real price) {
  using elementary::negative_part, elementary::positive_part;
  const Real held = positive_part(units), owed = negative_part(units), against = -traded;
  const Real not_more = against < held ? against : held;
  const Real closed = not_more > owed ? not_more : owed;  // between 0 and the position
  const Real opened = traded + closed, now = units + traded, better = price - entry;
  constexpr Real least = std::numeric_limits<Real>::min();  // where nothing is left
  return {entry + better * (opened / (now + least)), closed, closed * better};
}

}  // namespace quotesweep
