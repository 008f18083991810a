#pragma once

#include <cmath>

#include "market/desk.hpp"
#include "market/desk_step.hpp"
#include "strategy/strategy.hpp"

namespace quotesweep {

/// From a strategy's distances to the quotes that are sent: around the fair value, with the half
/// spread h = (bid + ask distance) / 2 between its bounds, moved by inventory and by the pair
/// signal, with `post_only` never through the other side of the book, and on ticks.
///
/// The centre of the quotes, (ask - bid distance) / 2 above the mid, is raised by the microprice
/// less the mid (half the book's spread x imbalance), by pair_bias x signal x h, and lowered by phi
/// q. With `post_only` a bid stays a tick below the best ask, an ask a tick above the best bid;
/// without a book neither crosses the mid. A bid is rounded down, an ask up.
///
/// The level of an order is its price less the initial price [price]; on ticks it is its number of
/// ticks above the tick that is next to the initial price.
template <class Real>
class QuoteShape {
 public:
  QuoteShape(const StrategyTerms& terms, const MarketTerms& market, bool post_only);

  /// What of a step `set` looks at; arrays that are not there are replaced by one that is, times
  /// zero.
  struct View {
    const Real *mid, *walk, *imbalance, *signal;
    const Real *for_bids, *for_asks;
    Real book, bias;  // factors of imbalance and signal
  };
  View view(const DeskStep<Real>& step) const;

  /// Sets a lane's levels and bias shift, and, where it does not round, its distances anew.
  /// `recentres` and `rounds` are those of this shape.
  template <bool recentres, bool rounds>
  void set(int lane, const View& view, Real inventory, LaneOrders<Real>& orders) const;
  /// The same from a half spread and how far both quotes are moved down [price].
  template <bool recentres, bool rounds>
  void set(int lane, const View& view, Real inventory, Real half_spread, Real shift,
           LaneOrders<Real>& orders) const;

  /// Distances from the mid of quotes on ticks, by `above` of the market and their levels [price].
  Real bid_distance(Real above, Real level) const { return std::fma(-tick_, level, above); }
  Real ask_distance(Real above, Real level) const { return std::fma(tick_, level, -above); }

  bool recentres() const { return recentres_; }
  bool rounds() const { return rounds_; }

 private:
  /// Half spread and centre, above the mid, of the quotes that are sent.
  struct Around {
    Real half_spread, centre;
  };
  Around around(int lane, const View& view, Real inventory, Real half_spread, Real shift,
                LaneOrders<Real>& orders) const;
  void recentre(int lane, const View& view, Real inventory, LaneOrders<Real>& orders) const;
  template <bool rounds>
  void place(int lane, const View& view, LaneOrders<Real>& orders) const;

  bool recentres_, rounds_, micro_;
  Real lowest_, highest_;  // half spread [fraction of the mid]
  Real beyond_;            // added to the highest where there is no bound [price]
  Real phi_, pair_bias_, book_half_spread_;
  Real nearest_;          // distance from the mid that a quote may have [price]
  Real tick_, per_tick_;  // [price], [1 / price]
};

template <class Real>
[[gnu::always_inline]] inline auto QuoteShape<Real>::view(const DeskStep<Real>& step) const
    -> View {
  const auto& market = step.market;
  const auto& signals = step.signals;
  const bool leans = micro_ && signals.imbalance != nullptr,
             biased = signals.pair_signal != nullptr;
  return {.mid = market.mid,
          .walk = market.walk,
          .imbalance = leans ? signals.imbalance : market.walk,
          .signal = biased ? signals.pair_signal : market.walk,
          .for_bids = market.for_bids,
          .for_asks = market.for_asks,
          .book = leans ? book_half_spread_ : Real(0),
          .bias = biased ? pair_bias_ : Real(0)};
}

template <class Real>
template <bool recentres, bool rounds>
[[gnu::always_inline]] inline void QuoteShape<Real>::set(int lane, const View& view, Real inventory,
                                                         LaneOrders<Real>& orders) const {
  orders.bias_shift = Real(0);
  if constexpr (recentres) recentre(lane, view, inventory, orders);
  place<rounds>(lane, view, orders);
}

template <class Real>
template <bool recentres, bool rounds>
[[gnu::always_inline]] inline void QuoteShape<Real>::set(int lane, const View& view, Real inventory,
                                                         Real half_spread, Real shift,
                                                         LaneOrders<Real>& orders) const {
  orders.bias_shift = Real(0);
  if constexpr (recentres) {
    const auto sent = around(lane, view, inventory, half_spread, shift, orders);
    orders.bid = sent.half_spread - sent.centre;
    orders.ask = sent.half_spread + sent.centre;
  } else {
    orders.bid = half_spread + shift;
    orders.ask = half_spread - shift;
  }
  place<rounds>(lane, view, orders);
}

template <class Real>
[[gnu::always_inline]] inline auto QuoteShape<Real>::around(int lane, const View& view,
                                                            Real inventory, Real half_spread,
                                                            Real shift,
                                                            LaneOrders<Real>& orders) const
    -> Around {
  const Real mid = view.mid[lane], least = lowest_ * mid, most = highest_ * mid + beyond_;
  const Real raised = half_spread > least ? half_spread : least;
  const Real bounded = raised < most ? raised : most;
  orders.bias_shift = view.bias * view.signal[lane] * bounded;
  return {bounded,
          std::fma(-phi_, inventory, view.book * view.imbalance[lane]) - shift + orders.bias_shift};
}

template <class Real>
[[gnu::always_inline]] inline void QuoteShape<Real>::recentre(int lane, const View& view,
                                                              Real inventory,
                                                              LaneOrders<Real>& orders) const {
  const bool bids = orders.bid < no_quote<Real>, asks = orders.ask < no_quote<Real>;
  // One side alone is half of a symmetric pair.
  const Real bid = bids ? orders.bid : orders.ask, ask = asks ? orders.ask : orders.bid;
  const auto sent =
      around(lane, view, inventory, Real(0.5) * (bid + ask), Real(0.5) * (bid - ask), orders);
  orders.bid = bids ? sent.half_spread - sent.centre : orders.bid;
  orders.ask = asks ? sent.half_spread + sent.centre : orders.ask;
}

template <class Real>
template <bool rounds>
[[gnu::always_inline]] inline void QuoteShape<Real>::place(int lane, const View& view,
                                                           LaneOrders<Real>& orders) const {
  orders.bid = orders.bid > nearest_ ? orders.bid : nearest_;
  orders.ask = orders.ask > nearest_ ? orders.ask : nearest_;
  if constexpr (rounds) {
    orders.bid_level = std::floor(std::fma(-orders.bid, per_tick_, view.for_bids[lane]));
    orders.ask_level = std::ceil(std::fma(orders.ask, per_tick_, view.for_asks[lane]));
  } else {
    orders.bid_level = view.walk[lane] - orders.bid;
    orders.ask_level = view.walk[lane] + orders.ask;
  }
}

extern template class QuoteShape<float>;
extern template class QuoteShape<double>;

}  // namespace quotesweep
