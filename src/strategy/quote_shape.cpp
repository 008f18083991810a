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
  if (recentres_) recentre(market, signals, lanes, quotes, desk);
  round(market, quotes, desk);
}

template <class Real>
void QuoteShape<Real>::recentre(const MarketStep<Real>& market, const SignalStep<Real>& signals,
                                const Lanes<Real>& lanes, Quotes<Real>& quotes,
                                Desk<Real>& desk) const {
  const Real lowest = lowest_, highest = highest_, phi = phi_, pair_bias = pair_bias_;
  const bool leans = micro_ && signals.imbalance != nullptr,
             biased = signals.pair_signal != nullptr;
  // An array that is not there is replaced by one that is, times zero.
  const Real* imbalance = leans ? signals.imbalance : market.walk;
  const Real* signal = biased ? signals.pair_signal : market.walk;
  const Real book = leans ? book_half_spread_ : Real(0), bias = biased ? pair_bias : Real(0);
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const Real bid_asked = quotes.bid_distance[lane], ask_asked = quotes.ask_distance[lane];
    const bool bids = bid_asked < no_quote<Real>, asks = ask_asked < no_quote<Real>;
    // One side alone is half of a symmetric pair.
    const Real bid = bids ? bid_asked : ask_asked, ask = asks ? ask_asked : bid_asked;
    const Real mid = market.mid[lane];
    const Real bare = Real(0.5) * (bid + ask), least = lowest * mid, most = highest * mid;
    const Real raised = bare > least ? bare : least;
    const Real half_spread = raised < most ? raised : most;
    const Real shift = bias * signal[lane] * half_spread;
    const Real centre =
        Real(0.5) * (ask - bid) + (book * imbalance[lane] - phi * lanes.inventory[lane]) + shift;
    quotes.bid_distance[lane] = bids ? half_spread - centre : bid_asked;
    quotes.ask_distance[lane] = asks ? half_spread + centre : ask_asked;
    desk.bias_shift[lane] = shift;
  }
}

template <class Real>
void QuoteShape<Real>::round(const MarketStep<Real>& market, Quotes<Real>& quotes,
                             Desk<Real>& desk) const {
  if (!rounds_) {
#pragma omp simd
    for (int lane = 0; lane < lane_count; ++lane) {
      desk.bid_level[lane] = market.walk[lane] - quotes.bid_distance[lane];
      desk.ask_level[lane] = market.walk[lane] + quotes.ask_distance[lane];
    }
    return;
  }
  const Real tick = tick_, per_tick = per_tick_, offset = offset_, book = book_half_spread_;
  // No nearer than this to the mid on the far side; without a book not beyond the mid.
  const Real nearest = book > Real(0) ? tick - book : Real(0);
  constexpr auto slack = static_cast<Real>(rounding_slack);
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const Real walk = market.walk[lane] + offset;  // from a price that is a whole number of ticks
    const Real bid = quotes.bid_distance[lane], ask = quotes.ask_distance[lane];
    const Real bid_kept = bid > nearest ? bid : nearest, ask_kept = ask > nearest ? ask : nearest;
    const Real bid_level = tick * std::floor((walk - bid_kept) * per_tick + slack);
    const Real ask_level = tick * std::ceil((walk + ask_kept) * per_tick - slack);
    desk.bid_level[lane] = bid_level - offset;
    desk.ask_level[lane] = ask_level - offset;
    quotes.bid_distance[lane] = bid < no_quote<Real> ? walk - bid_level : bid;
    quotes.ask_distance[lane] = ask < no_quote<Real> ? ask_level - walk : ask;
  }
}

template class QuoteShape<float>;
template class QuoteShape<double>;

}  // namespace quotesweep
