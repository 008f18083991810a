#include "metrics/clamped_fills.hpp"

#include "base/elementary.hpp"

namespace quotesweep {

template <class Real>
ClampedFills<Real>::ClampedFills(const PriceProcess& process, const FillModel& fills)
    : active_(fills.probability == FillProbability::bernoulli),
      nearest_(static_cast<Real>(elementary::log(fills.arrival_rate * process.dt) / fills.decay)) {}

template <class Real>
void ClampedFills<Real>::begin(const Lanes<Real>&) {
  clamped_ = {};
  clamped_settled_ = {};
}

template <class Real>
void ClampedFills<Real>::observe(const Quotes<Real>& quotes, const Lanes<Real>&) {
  if (!active_) return;
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    auto held = hold<Count>(lane);
    observe(held, quotes.bid_distance[lane], quotes.ask_distance[lane]);
    put_back(held, lane);
  }
}

template <class Real>
void ClampedFills<Real>::settle(const Lanes<Real>&) {
  if (!active_) return;
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    clamped_settled_[lane] += static_cast<double>(clamped_[lane]);
    clamped_[lane] = 0;
  }
}

template <class Real>
void ClampedFills<Real>::finish(const Lanes<Real>&, const PathRows& rows) {
  for (int lane = 0; lane < lane_count; ++lane)
    rows[PathQuantity::clamped_fills][lane] = clamped_settled_[lane];
}

template class ClampedFills<float>;
template class ClampedFills<double>;

}  // namespace quotesweep
