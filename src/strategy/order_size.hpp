#pragma once

#include "market/desk.hpp"
#include "market/signal_step.hpp"
#include "strategy/strategy.hpp"

namespace quotesweep {

/// Sizes of both orders: the base quantity, times 1 - w (1 - sigma / sigma_hat) where the estimated
/// volatility is above the model's (w = size_volatility), and on the side that adds to inventory
/// times 1 - r |q| / q_max (r = size_inventory).
template <class Real>
class OrderSize {
 public:
  /// `q_max` in units.
  OrderSize(const StrategyTerms& terms, double q_max);

  void apply(const SignalStep<Real>& signals, const Lanes<Real>& lanes, Desk<Real>& desk) const;

 private:
  bool varies_;
  Real quantity_, volatility_share_, inventory_share_;  // the last per unit of inventory
};

extern template class OrderSize<float>;
extern template class OrderSize<double>;

}  // namespace quotesweep
