#include "metrics/drawdown.hpp"

namespace quotesweep {

template <class Real>
void Drawdown<Real>::begin(const Lanes<Real>& lanes) {
  clear(worst_, worst_fraction_);
  peak_.begin(lanes);
  for (int lane = 0; lane < lane_count; ++lane)
    ledger_[lane] = static_cast<Real>(lanes.ledger[lane]);
}

template <class Real>
void Drawdown<Real>::observe(const Quotes<Real>&, const Lanes<Real>& lanes) {
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) observe(lane, lanes.equity[lane]);
}

template <class Real>
void Drawdown<Real>::settle(const Lanes<Real>& lanes) {
  peak_.settle(lanes);
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane)
    ledger_[lane] = static_cast<Real>(lanes.ledger[lane] + static_cast<double>(lanes.equity[lane]));
}

template <class Real>
void Drawdown<Real>::finish(const Lanes<Real>&, const PathRows& rows) {
  for (int lane = 0; lane < lane_count; ++lane) {
    rows[PathQuantity::max_drawdown][lane] = static_cast<double>(worst_[lane]);
    rows[PathQuantity::max_drawdown_pct][lane] = static_cast<double>(worst_fraction_[lane]);
  }
}

template class Drawdown<float>;
template class Drawdown<double>;

}  // namespace quotesweep
