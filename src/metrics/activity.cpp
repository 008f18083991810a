#include "metrics/activity.hpp"

#include <cmath>

namespace quotesweep {

template <class Real>
Activity<Real>::Activity(const PriceProcess& process, double capital)
    : steps_(static_cast<double>(step_count(process))), capital_(capital) {}

template <class Real>
void Activity<Real>::begin(const Lanes<Real>&) {
  fills_ = value_ = inventory_ = {};
  fills_settled_ = value_settled_ = inventory_settled_ = {};
}

template <class Real>
void Activity<Real>::observe(const Quotes<Real>&, const Lanes<Real>& lanes) {
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    fills_[lane] += lanes.bid_filled[lane] + lanes.ask_filled[lane];
    value_[lane] += lanes.traded_value[lane];
    inventory_[lane] += std::abs(lanes.inventory[lane]);
  }
}

template <class Real>
void Activity<Real>::settle(const Lanes<Real>&) {
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    fills_settled_[lane] += static_cast<double>(fills_[lane]);
    value_settled_[lane] += static_cast<double>(value_[lane]);
    inventory_settled_[lane] += static_cast<double>(inventory_[lane]);
    fills_[lane] = value_[lane] = inventory_[lane] = Real(0);
  }
}

template <class Real>
void Activity<Real>::finish(const Lanes<Real>& lanes, const PathRows& rows) {
  for (int lane = 0; lane < lane_count; ++lane) {
    rows[PathQuantity::trades][lane] = fills_settled_[lane];
    rows[PathQuantity::turnover][lane] = value_settled_[lane] / capital_;
    rows[PathQuantity::mean_abs_inventory][lane] = inventory_settled_[lane] / steps_;
    rows[PathQuantity::terminal_inventory][lane] = static_cast<double>(lanes.inventory[lane]);
  }
}

template class Activity<float>;
template class Activity<double>;

}  // namespace quotesweep
