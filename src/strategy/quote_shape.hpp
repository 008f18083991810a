#pragma once

#include "market/desk.hpp"
#include "market/market_path.hpp"
#include "market/signal_step.hpp"
#include "strategy/strategy.hpp"

namespace quotesweep {

/// From a strategy's distances to the quotes that are sent: around the fair value, with the half
/// spread h = (bid + ask distance) / 2 between its bounds, moved by inventory and by the pair
/// signal, on ticks, and never through the other side of the book.
///
/// The centre of the quotes, (ask - bid distance) / 2 above the mid, is raised by the microprice
/// less the mid (half the book's spread x imbalance), by pair_bias x signal x h, and lowered by phi
/// q. A bid is rounded down, an ask up; a bid stays a tick below the best ask, an ask a tick above
/// the best bid.
template <class Real>
class QuoteShape {
 public:
  QuoteShape(const StrategyTerms& terms, const MarketTerms& market);

  /// Sets the distances anew, and levels and bias shift of `desk`.
  void apply(const MarketStep<Real>& market, const SignalStep<Real>& signals,
             const Lanes<Real>& lanes, Quotes<Real>& quotes, Desk<Real>& desk) const;

 private:
  /// Quotes of one lane.
  struct Pair {
    Real bid, ask;              // distances [price]
    Real bid_level, ask_level;  // [price]
    Real bias_shift;            // [price]
  };
  /// What `recentre` looks at; arrays that are not there are replaced by one that is, times zero.
  struct View {
    const Real *mid, *walk, *imbalance, *signal;
    Real book, bias;  // factors of imbalance and signal
  };

  View view(const MarketStep<Real>& market, const SignalStep<Real>& signals) const;
  template <bool recentres, bool rounds>
  void apply_lanes(const View& seen, const Lanes<Real>& lanes, Quotes<Real>& quotes,
                   Desk<Real>& desk) const;
  Pair recentre(int lane, const View& view, Real inventory, const Pair& asked) const;
  Pair round(Real walk, const Pair& asked) const;

  bool recentres_, rounds_, micro_;
  Real lowest_, highest_;  // half spread [fraction of the mid]
  Real phi_, pair_bias_, book_half_spread_;
  Real tick_, per_tick_, offset_;  // initial price less its tick [price]
};

extern template class QuoteShape<float>;
extern template class QuoteShape<double>;

}  // namespace quotesweep
