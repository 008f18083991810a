#include "strategy/order_size.hpp"

namespace quotesweep {

template <class Real>
OrderSize<Real>::OrderSize(const StrategyTerms& terms, double q_max)
    : quantity_(static_cast<Real>(terms.quantity)),
      volatility_share_(static_cast<Real>(terms.size_volatility)),
      inventory_share_(static_cast<Real>(terms.size_inventory / q_max)) {}

template class OrderSize<float>;
template class OrderSize<double>;

}  // namespace quotesweep
