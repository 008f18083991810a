#include "metrics/negative_prices.hpp"

#include <algorithm>

namespace quotesweep {

template <class Real>
void NegativePrices<Real>::observe(const Real* mid, const Real* partner_walk, Real partner_price) {
  for (int lane = 0; lane < lane_count; ++lane) {
    const Real partner = partner_price + (partner_walk != nullptr ? partner_walk[lane] : Real(0));
    counts_[lane] += mid[lane] > Real(0) && partner > Real(0) ? 0.0 : 1.0;
  }
}

template <class Real>
void NegativePrices<Real>::finish(const PathRows& rows) const {
  std::copy_n(counts_.values, lane_count, rows[PathQuantity::negative_prices]);
}

template class NegativePrices<float>;
template class NegativePrices<double>;

}  // namespace quotesweep
