#include "strategy/symmetric.hpp"

namespace quotesweep {

template <class Real>
void Symmetric<Real>::quote(double time_left, const Lanes<Real>&, Quotes<Real>& quotes) {
  const auto half_spread = static_cast<Real>(spread_.half_spread(time_left));
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    quotes.bid_distance[lane] = half_spread;
    quotes.ask_distance[lane] = half_spread;
  }
}

template <class Real>
void Symmetric<Real>::quote_with(const Real* variance, double time_left, const Lanes<Real>&,
                                 Quotes<Real>& quotes) {
  const auto aversion = static_cast<Real>(spread_.gamma * time_left);
  const auto arrival_term = static_cast<Real>(spread_.arrival_term);
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const Real half_spread = Real(0.5) * (aversion * variance[lane]) + arrival_term;
    quotes.bid_distance[lane] = half_spread;
    quotes.ask_distance[lane] = half_spread;
  }
}

OptimalSpread averaged(const OptimalSpread& spread, const PriceProcess& process, double horizon) {
  const double mean_time_left = horizon > 0.0 ? horizon : 0.5 * (process.horizon + process.dt);
  return {.variance_aversion = 0.0, .arrival_term = spread.half_spread(mean_time_left)};
}

template class Symmetric<float>;
template class Symmetric<double>;

}  // namespace quotesweep
