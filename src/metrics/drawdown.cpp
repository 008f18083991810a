#include "metrics/drawdown.hpp"

namespace quotesweep {

template <class Real>
void Drawdown<Real>::begin(const Lanes<Real>& lanes) {
  peak_since_ = peak_at_settling_ = worst_ = worst_fraction_ = {};
  peak_ = lanes.ledger;
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
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const double ledger = lanes.ledger[lane] + static_cast<double>(lanes.equity[lane]);
    // Only a new peak is taken over, so that rounding cannot lift an old one.
    const double risen = lanes.ledger[lane] + static_cast<double>(peak_since_[lane]);
    peak_[lane] = peak_since_[lane] > peak_at_settling_[lane] ? risen : peak_[lane];
    ledger_[lane] = static_cast<Real>(ledger);
    peak_since_[lane] = static_cast<Real>(peak_[lane] - ledger);
    peak_at_settling_[lane] = peak_since_[lane];
  }
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
