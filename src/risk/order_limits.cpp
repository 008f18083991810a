#include "risk/order_limits.hpp"

#include <algorithm>
#include <cmath>

#include "base/elementary.hpp"

namespace quotesweep {
namespace {

/// The level of an order that is not there.
template <class Real>
constexpr Real none = Real(-1e30);

}  // namespace

template <class Real>
OrderLimits<Real>::OrderLimits(const RiskTerms& terms, const PriceProcess& process, double quantity)
    : q_max_(static_cast<Real>(terms.q_max)),
      leverage_(static_cast<Real>(terms.leverage)),
      dust_(static_cast<Real>(1e-6 * quantity)),
      most_orders_(static_cast<Real>(terms.max_orders > 0.0 ? terms.max_orders : 1e30)),
      one_side_(terms.open_orders < 2.0),
      interval_(std::max<std::int64_t>(
          1, static_cast<std::int64_t>(std::floor(terms.order_interval / process.dt + 0.5)))) {}

template <class Real>
void OrderLimits<Real>::begin() {
  sent_ = {};
  for (int lane = 0; lane < lane_count; ++lane) bid_sent_[lane] = ask_sent_[lane] = none<Real>;
}

template <class Real>
void OrderLimits<Real>::apply(std::int64_t step, const Real* per_mid, const Lanes<Real>& lanes,
                              Desk<Real>& desk, Quotes<Real>& quotes) {
  cap_sizes(per_mid, lanes, quotes, desk);
  if (one_side_) leave_one_side(lanes, desk);
  count_orders(step, lanes, desk, quotes);
}

template <class Real>
void OrderLimits<Real>::cap_sizes(const Real* per_mid, const Lanes<Real>& lanes,
                                  const Quotes<Real>& quotes, Desk<Real>& desk) const {
  const Real q_max = q_max_, leverage = leverage_, dust = dust_;
  const bool levered = leverage > Real(0);
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const Real q = lanes.inventory[lane], out = desk.steps_out[lane];
    Real most = q_max;
    if (levered) {
      const Real equity = static_cast<Real>(lanes.ledger[lane]) + lanes.equity[lane];
      const Real held = leverage * (equity > Real(0) ? equity : Real(0)) * per_mid[lane];
      most = held < most ? held : most;
    }
    const Real room_to_buy = most - q, room_to_sell = most + q;
    const Real bid = desk.bid_size[lane], ask = desk.ask_size[lane];
    const Real buy = bid < room_to_buy ? bid : room_to_buy;
    const Real sell = ask < room_to_sell ? ask : room_to_sell;
    const bool in = out <= Real(0), buys = buy > dust, sells = sell > dust;
    const bool bid_wanted = quotes.bid_distance[lane] < no_quote<Real>;
    const bool ask_wanted = quotes.ask_distance[lane] < no_quote<Real>;
    desk.at_limit[lane] = elementary::one_if<Real>(in & (!buys | !sells));
    desk.bid_size[lane] = elementary::one_if<Real>(in & buys & bid_wanted) * buy;
    desk.ask_size[lane] = elementary::one_if<Real>(in & sells & ask_wanted) * sell;
  }
}

/// The side that reduces the inventory; without inventory the bid.
template <class Real>
void OrderLimits<Real>::leave_one_side(const Lanes<Real>& lanes, Desk<Real>& desk) const {
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const bool sells = lanes.inventory[lane] > Real(0);
    desk.bid_size[lane] = sells ? Real(0) : desk.bid_size[lane];
    desk.ask_size[lane] = sells ? desk.ask_size[lane] : Real(0);
  }
}

template <class Real>
void OrderLimits<Real>::count_orders(std::int64_t step, const Lanes<Real>& lanes, Desk<Real>& desk,
                                     Quotes<Real>& quotes) {
  if (step % interval_ == 0) sent_ = {};
  const Real most = most_orders_;
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const Real before = sent_[lane];
    const Real bid_level = desk.bid_level[lane], ask_level = desk.ask_level[lane];
    const bool bid_wanted = desk.bid_size[lane] > Real(0),
               ask_wanted = desk.ask_size[lane] > Real(0);
    const bool bid_gone = lanes.bid_filled[lane] > Real(0),
               ask_gone = lanes.ask_filled[lane] > Real(0);
    const bool bid_new = bid_wanted & (bid_gone | (bid_level != bid_sent_[lane]));
    const bool bid_allowed = !bid_new | (before < most);
    const Real between = before + elementary::one_if<Real>(bid_new & bid_allowed);
    const bool ask_new = ask_wanted & (ask_gone | (ask_level != ask_sent_[lane]));
    const bool ask_allowed = !ask_new | (between < most);
    const Real after = between + elementary::one_if<Real>(ask_new & ask_allowed);
    const bool bid_open = bid_wanted & bid_allowed, ask_open = ask_wanted & ask_allowed;
    sent_[lane] = after;
    desk.orders[lane] = after - before;
    bid_sent_[lane] = bid_open ? bid_level : none<Real>;
    ask_sent_[lane] = ask_open ? ask_level : none<Real>;
    desk.bid_size[lane] = elementary::one_if<Real>(bid_open) * desk.bid_size[lane];
    desk.ask_size[lane] = elementary::one_if<Real>(ask_open) * desk.ask_size[lane];
    quotes.bid_distance[lane] = bid_open ? quotes.bid_distance[lane] : no_quote<Real>;
    quotes.ask_distance[lane] = ask_open ? quotes.ask_distance[lane] : no_quote<Real>;
  }
}

template class OrderLimits<float>;
template class OrderLimits<double>;

}  // namespace quotesweep
