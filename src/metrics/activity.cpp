#include "metrics/activity.hpp"

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
    auto held = hold<Real>(lane);
    observe(held, lanes.bid_filled[lane] + lanes.ask_filled[lane], lanes.traded_value[lane],
            lanes.inventory[lane]);
    put_back(held, lane);
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
  double *trades = rows[PathQuantity::trades], *turnovers = rows[PathQuantity::turnover];
  double *inventories = rows[PathQuantity::mean_abs_inventory],
         *terminal = rows[PathQuantity::terminal_inventory];
  const double capital = capital_, steps = steps_;
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    trades[lane] = fills_settled_[lane];
    turnovers[lane] = value_settled_[lane] / capital;
    inventories[lane] = inventory_settled_[lane] / steps;
    terminal[lane] = static_cast<double>(lanes.inventory[lane]);
  }
}

template class Activity<float>;
template class Activity<double>;

}  // namespace quotesweep
