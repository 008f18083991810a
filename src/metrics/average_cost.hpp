#pragma once

#include <limits>

namespace quotesweep {

/// What a trade has done to a position by average cost.
template <class Real>
struct Booked {
  Real entry;         // of the position afterwards [price]
  Real closed, gain;  // closed by the trade [units], realised by it [price]
  Real ahead;         // position afterwards, in the trade's direction [units]

  /// Whether a position was closed, or has changed its sign.
  bool ended() const { return (closed > Real(0)) & (ahead >= Real(0)); }
};

/// Adds a trade of `traded` units, negative where they are sold, at `price`. Where nothing is
/// traded any finite price will do.
template <class Real>
[[gnu::always_inline]] inline Booked<Real> book(Real units, Real entry, Real traded, Real price) {
  const Real side = traded < Real(0) ? Real(-1) : Real(1);
  const Real along = side * units;  // how far the position is in the trade's direction
  const Real against = along < Real(0) ? -along : Real(0), volume = side * traded;
  const Real closed = volume < against ? volume : against;
  const Real opened = volume - closed, now = along + volume;
  constexpr Real least = std::numeric_limits<Real>::min();  // nothing is opened where it counts
  const Real share = opened / (now > least ? now : least), better = price - entry;
  return {entry + better * share, closed, -(closed * side * better), now};
}

}  // namespace quotesweep
