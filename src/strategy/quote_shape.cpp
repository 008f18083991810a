#include "strategy/quote_shape.hpp"

#include <cmath>

namespace quotesweep {
namespace {

/// Share of a tick by which a quote may be off the tick that it is meant to be on.
constexpr double rounding_slack = 1e-3;

}  // namespace

template <class Real>
QuoteShape<Real>::QuoteShape(const StrategyTerms& terms, const MarketTerms& market)
    : recentres_(terms.fair_value == FairValue::microprice || terms.min_half_spread > 0.0 ||
                 terms.max_half_spread > 0.0 || terms.phi != 0.0 || terms.pair_bias != 0.0),
      rounds_(market.book.tick > 0.0),
      micro_(terms.fair_value == FairValue::microprice),
      lowest_(static_cast<Real>(1e-4 * terms.min_half_spread)),
      highest_(static_cast<Real>(terms.max_half_spread > 0.0 ? 1e-4 * terms.max_half_spread : 1e6)),
      phi_(static_cast<Real>(terms.phi)),
      pair_bias_(static_cast<Real>(terms.pair_bias)),
      book_half_spread_(static_cast<Real>(market.book.half_spread())),
      tick_(static_cast<Real>(market.book.tick)),
      per_tick_(static_cast<Real>(rounds_ ? 1.0 / market.book.tick : 0.0)),
      offset_(static_cast<Real>(
          rounds_ ? market.process.initial_price -
                        market.book.tick *
                            std::floor(market.process.initial_price / market.book.tick + 0.5)
                  : 0.0)) {}

template <class Real>
void QuoteShape<Real>::apply(const MarketStep<Real>& market, const SignalStep<Real>& signals,
                             const Lanes<Real>& lanes, Quotes<Real>& quotes,
                             Desk<Real>& desk) const {
  const auto seen = view(market, signals);
  if (recentres_ && rounds_)
    apply_lanes<true, true>(seen, lanes, quotes, desk);
  else if (recentres_)
    apply_lanes<true, false>(seen, lanes, quotes, desk);
  else if (rounds_)
    apply_lanes<false, true>(seen, lanes, quotes, desk);
  else
    apply_lanes<false, false>(seen, lanes, quotes, desk);
}

template <class Real>
auto QuoteShape<Real>::view(const MarketStep<Real>& market, const SignalStep<Real>& signals) const
    -> View {
  const bool leans = micro_ && signals.imbalance != nullptr,
             biased = signals.pair_signal != nullptr;
  return {.mid = market.mid,
          .walk = market.walk,
          .imbalance = leans ? signals.imbalance : market.walk,
          .signal = biased ? signals.pair_signal : market.walk,
          .book = leans ? book_half_spread_ : Real(0),
          .bias = biased ? pair_bias_ : Real(0)};
}

template <class Real>
template <bool recentres, bool rounds>
void QuoteShape<Real>::apply_lanes(const View& seen, const Lanes<Real>& lanes, Quotes<Real>& quotes,
                                   Desk<Real>& desk) const {
  const QuoteShape terms = *this;  // local copies, so that stores to lanes cannot change them
  const View view = seen;
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const Real walk = view.walk[lane];
    Pair sent{.bid = quotes.bid_distance[lane], .ask = quotes.ask_distance[lane]};
    if constexpr (recentres) {
      sent = terms.recentre(lane, view, lanes.inventory[lane], sent);
      desk.bias_shift[lane] = sent.bias_shift;
    }
    if constexpr (rounds) {
      sent = terms.round(walk, sent);
    } else {
      sent.bid_level = walk - sent.bid;
      sent.ask_level = walk + sent.ask;
    }
    quotes.bid_distance[lane] = sent.bid;
    quotes.ask_distance[lane] = sent.ask;
    desk.bid_level[lane] = sent.bid_level;
    desk.ask_level[lane] = sent.ask_level;
  }
}

template <class Real>
[[gnu::always_inline]] inline auto QuoteShape<Real>::recentre(int lane, const View& view,
                                                              Real inventory,
                                                              const Pair& asked) const -> Pair {
  const bool bids = asked.bid < no_quote<Real>, asks = asked.ask < no_quote<Real>;
  // One side alone is half of a symmetric pair.
  const Real bid = bids ? asked.bid : asked.ask, ask = asks ? asked.ask : asked.bid;
  const Real mid = view.mid[lane];
  const Real bare = Real(0.5) * (bid + ask), least = lowest_ * mid, most = highest_ * mid;
  const Real raised = bare > least ? bare : least;
  const Real half_spread = raised < most ? raised : most;
  const Real shift = view.bias * view.signal[lane] * half_spread;
  const Real centre =
      Real(0.5) * (ask - bid) + (view.book * view.imbalance[lane] - phi_ * inventory) + shift;
  return {.bid = bids ? half_spread - centre : asked.bid,
          .ask = asks ? half_spread + centre : asked.ask,
          .bias_shift = shift};
}

template <class Real>
[[gnu::always_inline]] inline auto QuoteShape<Real>::round(Real walk, const Pair& asked) const
    -> Pair {
  // No nearer than this to the mid on the far side; without a book not beyond the mid.
  const Real nearest = book_half_spread_ > Real(0) ? tick_ - book_half_spread_ : Real(0);
  constexpr auto slack = static_cast<Real>(rounding_slack);
  const Real from_tick = walk + offset_;  // from a price that is a whole number of ticks
  const Real bid = asked.bid > nearest ? asked.bid : nearest,
             ask = asked.ask > nearest ? asked.ask : nearest;
  const Real bid_level = tick_ * std::floor((from_tick - bid) * per_tick_ + slack);
  const Real ask_level = tick_ * std::ceil((from_tick + ask) * per_tick_ - slack);
  return {.bid = asked.bid < no_quote<Real> ? from_tick - bid_level : asked.bid,
          .ask = asked.ask < no_quote<Real> ? ask_level - from_tick : asked.ask,
          .bid_level = bid_level - offset_,
          .ask_level = ask_level - offset_};
}

template class QuoteShape<float>;
template class QuoteShape<double>;

}  // namespace quotesweep
