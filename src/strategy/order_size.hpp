#pragma once

#include <cmath>

#include "market/desk.hpp"
#include "market/desk_step.hpp"
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

  /// What of a step `set` looks at.
  struct View {
    const Real* calm;
    Real volatility_share;
  };
  View view(const DeskStep<Real>& step) const;

  /// Sets both sizes of a lane.
  void set(int lane, const View& view, Real inventory, LaneOrders<Real>& orders) const;

 private:
  Real quantity_, volatility_share_, inventory_share_;  // the last per unit of inventory
};

template <class Real>
auto OrderSize<Real>::view(const DeskStep<Real>& step) const -> View {
  // Without an estimate any array of finite numbers will do, times zero.
  if (step.signals.calm == nullptr) return {step.market.mid, Real(0)};
  return {step.signals.calm, volatility_share_};
}

template <class Real>
[[gnu::always_inline]] inline void OrderSize<Real>::set(int lane, const View& view, Real inventory,
                                                        LaneOrders<Real>& orders) const {
  const Real q = inventory;
  const Real wild = Real(1) - view.calm[lane];
  const Real base = quantity_ * std::fma(-view.volatility_share, wild, Real(1));
  const Real longer = q > Real(0) ? q : Real(0), shorter = q < Real(0) ? -q : Real(0);
  const Real bid_share = std::fma(-inventory_share_, longer, Real(1));
  const Real ask_share = std::fma(-inventory_share_, shorter, Real(1));
  orders.bid_size = base * (bid_share > Real(0) ? bid_share : Real(0));
  orders.ask_size = base * (ask_share > Real(0) ? ask_share : Real(0));
}

extern template class OrderSize<float>;
extern template class OrderSize<double>;

}  // namespace quotesweep
