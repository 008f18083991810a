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
    const Real* wild;
    Real shrinking;  // by how much a size falls, times that [units]
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
  if (step.signals.wild == nullptr) return {step.market.mid, Real(0)};
  return {step.signals.wild, quantity_ * volatility_share_};
}

template <class Real>
[[gnu::always_inline]] inline void OrderSize<Real>::set(int lane, const View& view, Real inventory,
                                                        LaneOrders<Real>& orders) const {
  using elementary::negative_part, elementary::positive_part;
  const Real base = std::fma(-view.shrinking, view.wild[lane], quantity_);
  const Real bid_share = std::fma(-inventory_share_, positive_part(inventory), Real(1));
  const Real ask_share = std::fma(inventory_share_, negative_part(inventory), Real(1));
  orders.bid_size = base * positive_part(bid_share);
  orders.ask_size = base * positive_part(ask_share);
}

extern template class OrderSize<float>;
extern template class OrderSize<double>;

}  // namespace quotesweep
