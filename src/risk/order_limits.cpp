#include "risk/order_limits.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace quotesweep {
namespace {

/// Steps of an interval where orders are without bound, and a bound that no interval of so many
/// steps has: times order_mark it fits 32 bits.
constexpr std::int64_t endless_interval = 1 << 22;
constexpr double endless_orders = 1 << 24;

}  // namespace

template <class Real>
OrderLimits<Real>::OrderLimits(const RiskTerms& terms, const PriceProcess& process, double quantity)
    : q_max_(static_cast<Real>(terms.q_max)),
      leverage_(static_cast<Real>(terms.leverage)),
      dust_(static_cast<Real>(1e-6 * quantity)),
      most_to_bid_(terms.open_orders < 2.0 ? Real(0) : std::numeric_limits<Real>::max()),
      least_to_ask_(terms.open_orders < 2.0 ? Real(0) : -std::numeric_limits<Real>::max()),
      most_orders_(order_mark * static_cast<CountBits<Real>>(terms.max_orders > 0.0
                                                                 ? std::ceil(terms.max_orders)
                                                                 : endless_orders)),
      one_side_(terms.open_orders < 2.0),
      interval_(terms.max_orders > 0.0
                    ? std::max<std::int64_t>(1, static_cast<std::int64_t>(std::floor(
                                                    terms.order_interval / process.dt + 0.5)))
                    : endless_interval) {}

template <class Real>
void OrderLimits<Real>::begin(Desk<Real>& desk) const {
  desk.sent = {};
  for (int lane = 0; lane < lane_count; ++lane)
    desk.bid_level[lane] = no_bid<Real>, desk.ask_level[lane] = no_ask<Real>;
}

template class OrderLimits<float>;
template class OrderLimits<double>;

}  // namespace quotesweep
