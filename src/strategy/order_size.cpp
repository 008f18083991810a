#include "strategy/order_size.hpp"

namespace quotesweep {

template <class Real>
OrderSize<Real>::OrderSize(const StrategyTerms& terms, double q_max)
    : varies_(terms.size_volatility > 0.0 || terms.size_inventory > 0.0),
      quantity_(static_cast<Real>(terms.quantity)),
      volatility_share_(static_cast<Real>(terms.size_volatility)),
      inventory_share_(static_cast<Real>(terms.size_inventory / q_max)) {}

template <class Real>
void OrderSize<Real>::apply(const SignalStep<Real>& signals, const Lanes<Real>& lanes,
                            Desk<Real>& desk) const {
  const Real quantity = quantity_;
  if (!varies_) {
#pragma omp simd
    for (int lane = 0; lane < lane_count; ++lane)
      desk.bid_size[lane] = desk.ask_size[lane] = quantity;
    return;
  }
  const Real inventory_share = inventory_share_;
  const bool estimated = signals.calm != nullptr;
  const Real volatility_share = estimated ? volatility_share_ : Real(0);
  const Real* calm = estimated ? signals.calm : lanes.inventory.values;
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const Real base = quantity * (Real(1) - volatility_share * (Real(1) - calm[lane]));
    const Real q = lanes.inventory[lane];
    const Real longer = q > Real(0) ? q : Real(0), shorter = q < Real(0) ? -q : Real(0);
    const Real bid_share = Real(1) - inventory_share * longer;
    const Real ask_share = Real(1) - inventory_share * shorter;
    desk.bid_size[lane] = base * (bid_share > Real(0) ? bid_share : Real(0));
    desk.ask_size[lane] = base * (ask_share > Real(0) ? ask_share : Real(0));
  }
}

template class OrderSize<float>;
template class OrderSize<double>;

}  // namespace quotesweep
