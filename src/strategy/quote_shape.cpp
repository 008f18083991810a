#include "strategy/quote_shape.hpp"

#include <cmath>

namespace quotesweep {
namespace {

/// On the far side of the book no nearer than its best quote; without a book not beyond the mid.
double nearest_of(const BookTop& book) {
  return book.half_spread() > 0.0 ? book.tick - book.half_spread() : 0.0;
}

/// More than any distance [price].
constexpr double any_distance = 1e30;

}  // namespace

template <class Real>
QuoteShape<Real>::QuoteShape(const StrategyTerms& terms, const MarketTerms& market, bool post_only)
    : recentres_(terms.fair_value == FairValue::microprice || terms.min_half_spread > 0.0 ||
                 terms.max_half_spread > 0.0 || terms.phi != 0.0 || terms.pair_bias != 0.0),
      rounds_(market.book.has_ticks()),
      micro_(terms.fair_value == FairValue::microprice),
      lowest_(static_cast<Real>(1e-4 * terms.min_half_spread)),
      highest_(static_cast<Real>(1e-4 * terms.max_half_spread)),
      beyond_(terms.max_half_spread > 0.0 ? Real(0) : no_quote<Real>),
      phi_(static_cast<Real>(terms.phi)),
      pair_bias_(static_cast<Real>(terms.pair_bias)),
      book_half_spread_(static_cast<Real>(market.book.half_spread())),
      nearest_(static_cast<Real>(post_only ? nearest_of(market.book) : -any_distance)),
      tick_(static_cast<Real>(market.book.tick)),
      per_tick_(static_cast<Real>(rounds_ ? 1.0 / market.book.tick : 0.0)) {}

template class QuoteShape<float>;
template class QuoteShape<double>;

}  // namespace quotesweep
