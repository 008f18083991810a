#include "risk/inventory_limit.hpp"

namespace quotesweep {

template <class Real>
void InventoryLimit<Real>::restrict_quotes(const Lanes<Real>& lanes, Quotes<Real>& quotes) {
  constexpr Real none = no_quote<Real>;
  const Real limit = limit_;
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const Real inventory = lanes.inventory[lane];
    quotes.bid_distance[lane] = inventory < limit ? quotes.bid_distance[lane] : none;
    quotes.ask_distance[lane] = inventory > -limit ? quotes.ask_distance[lane] : none;
  }
}

template class InventoryLimit<float>;
template class InventoryLimit<double>;

}  // namespace quotesweep
