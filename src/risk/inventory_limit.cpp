#include "risk/inventory_limit.hpp"

namespace quotesweep {

template <class Real>
void InventoryLimit<Real>::restrict_quotes(const Lanes<Real>& lanes, Quotes<Real>& quotes) {
  const InventoryLimit terms = *this;  // a local copy, so that stores to lanes cannot change it
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane)
    terms.restrict_quotes(lanes.inventory[lane], quotes.bid_distance[lane],
                          quotes.ask_distance[lane]);
}

template class InventoryLimit<float>;
template class InventoryLimit<double>;

}  // namespace quotesweep
