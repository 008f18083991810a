#include "strategy/linear.hpp"

namespace quotesweep {

template <class Real>
void Linear<Real>::quote(double, const Lanes<Real>& lanes, Quotes<Real>& quotes) {
  const auto distance = static_cast<Real>(distance_), skew = static_cast<Real>(skew_);
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const Real shift = lanes.inventory[lane] * skew;
    quotes.bid_distance[lane] = distance + shift;
    quotes.ask_distance[lane] = distance - shift;
  }
}

template class Linear<float>;
template class Linear<double>;

}  // namespace quotesweep
