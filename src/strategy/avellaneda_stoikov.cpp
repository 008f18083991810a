#include "strategy/avellaneda_stoikov.hpp"

#include "base/elementary.hpp"

namespace quotesweep {

OptimalSpread optimal_spread(double gamma, const PriceProcess& process, const FillModel& fills) {
  return {.variance_aversion = gamma * process.sigma * process.sigma,
          .arrival_term = elementary::log1p(gamma / fills.decay) / gamma,
          .gamma = gamma};
}

template <class Real>
void AvellanedaStoikov<Real>::quote(double time_left, const Lanes<Real>& lanes,
                                    Quotes<Real>& quotes) {
  const auto half_spread = static_cast<Real>(spread_.half_spread(time_left));
  const auto skew = static_cast<Real>(spread_.skew(time_left));
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const Real shift = lanes.inventory[lane] * skew;
    quotes.bid_distance[lane] = half_spread + shift;
    quotes.ask_distance[lane] = half_spread - shift;
  }
}

template <class Real>
void AvellanedaStoikov<Real>::quote_with(const Real* variance, double time_left,
                                         const Lanes<Real>& lanes, Quotes<Real>& quotes) {
  const auto aversion = static_cast<Real>(spread_.gamma * time_left);
  const auto arrival_term = static_cast<Real>(spread_.arrival_term);
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const Real skew = aversion * variance[lane];
    const Real half_spread = Real(0.5) * skew + arrival_term, shift = lanes.inventory[lane] * skew;
    quotes.bid_distance[lane] = half_spread + shift;
    quotes.ask_distance[lane] = half_spread - shift;
  }
}

template class AvellanedaStoikov<float>;
template class AvellanedaStoikov<double>;

}  // namespace quotesweep
