#include "risk/order_limits.hpp"

#include <algorithm>
#include <cmath>

namespace quotesweep {
namespace {

/// More orders than there are in an interval.
constexpr double endless = 0x1p31;

}  // namespace

template <class Real>
OrderLimits<Real>::OrderLimits(const RiskTerms& terms, const PriceProcess& process, double quantity)
    : q_max_(static_cast<Real>(terms.q_max)),
      leverage_(static_cast<Real>(terms.leverage)),
      dust_(static_cast<Real>(1e-6 * quantity)),
      most_orders_(static_cast<CountBits<Real>>(
          terms.max_orders > 0.0 ? std::min(std::ceil(terms.max_orders), endless) : endless)),
      one_side_(terms.open_orders < 2.0),
      interval_(std::max<std::int64_t>(
          1, static_cast<std::int64_t>(std::floor(terms.order_interval / process.dt + 0.5)))) {}

template <class Real>
void OrderLimits<Real>::begin(Desk<Real>& desk) const {
  desk.sent = {};
  for (int lane = 0; lane < lane_count; ++lane)
    desk.bid_level[lane] = desk.ask_level[lane] = no_level<Real>;
}

template <class Real>
void OrderLimits<Real>::next(std::int64_t step, Desk<Real>& desk) const {
  if (step % interval_ == 0) desk.sent = {};
}

template class OrderLimits<float>;
template class OrderLimits<double>;

}  // namespace quotesweep
