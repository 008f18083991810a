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
  if (step % interval_ == 0) sent_ = {};
  const bool levered = leverage_ > Real(0);
  if (levered && one_side_)
    apply_lanes<true, true>(per_mid, lanes, desk, quotes);
  else if (levered)
    apply_lanes<true, false>(per_mid, lanes, desk, quotes);
  else if (one_side_)
    apply_lanes<false, true>(per_mid, lanes, desk, quotes);
  else
    apply_lanes<false, false>(per_mid, lanes, desk, quotes);
}

/// Largest |inventory| that is allowed [units].
template <class Real>
template <bool levered>
[[gnu::always_inline]] inline Real OrderLimits<Real>::most_held(int lane, const Real* per_mid,
                                                                const Lanes<Real>& lanes) const {
  if constexpr (!levered) return q_max_;
  const Real equity = lanes.settled[lane] + lanes.equity[lane];
  const Real held = leverage_ * (equity > Real(0) ? equity : Real(0)) * per_mid[lane];
  return held < q_max_ ? held : q_max_;
}

template <class Real>
template <bool levered, bool one_side>
void OrderLimits<Real>::apply_lanes(const Real* per_mid, const Lanes<Real>& lanes, Desk<Real>& desk,
                                    Quotes<Real>& quotes) {
  using elementary::kept_if, elementary::one_if;
  const Real dust = dust_, most_orders = most_orders_;
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const Real q = lanes.inventory[lane];
    const Real most = this->template most_held<levered>(lane, per_mid, lanes);
    const Real room_to_buy = most - q, room_to_sell = most + q;
    const Real bid = desk.bid_size[lane], ask = desk.ask_size[lane];
    const Real buy = bid < room_to_buy ? bid : room_to_buy;
    const Real sell = ask < room_to_sell ? ask : room_to_sell;
    const bool in = desk.steps_out[lane] <= Real(0), buys = buy > dust, sells = sell > dust;
    bool bid_wanted = in & buys & (quotes.bid_distance[lane] < no_quote<Real>);
    bool ask_wanted = in & sells & (quotes.ask_distance[lane] < no_quote<Real>);
    if constexpr (one_side) {  // that which reduces the inventory; without inventory the bid
      bid_wanted &= !(q > Real(0));
      ask_wanted &= q > Real(0);
    }
    const Real bid_level = desk.bid_level[lane], ask_level = desk.ask_level[lane];
    const Real bid_there = lanes.bid_filled[lane] > Real(0) ? none<Real> : bid_sent_[lane];
    const Real ask_there = lanes.ask_filled[lane] > Real(0) ? none<Real> : ask_sent_[lane];
    const bool bid_new = bid_wanted & (bid_level != bid_there);
    const bool ask_new = ask_wanted & (ask_level != ask_there);
    const Real before = sent_[lane];
    const bool bid_refused = bid_new & (before >= most_orders);
    const Real between = before + one_if<Real>(bid_new ^ bid_refused);
    const bool ask_refused = ask_new & (between >= most_orders);
    const Real after = between + one_if<Real>(ask_new ^ ask_refused);
    const bool bid_open = bid_wanted ^ bid_refused, ask_open = ask_wanted ^ ask_refused;
    sent_[lane] = after;
    desk.orders[lane] = after - before;
    desk.at_limit[lane] = one_if<Real>(in & ((buy < sell ? buy : sell) <= dust));
    bid_sent_[lane] = bid_open ? bid_level : none<Real>;
    ask_sent_[lane] = ask_open ? ask_level : none<Real>;
    desk.bid_size[lane] = kept_if(bid_open, buy);
    desk.ask_size[lane] = kept_if(ask_open, sell);
    quotes.bid_distance[lane] = bid_open ? quotes.bid_distance[lane] : no_quote<Real>;
    quotes.ask_distance[lane] = ask_open ? quotes.ask_distance[lane] : no_quote<Real>;
  }
}

template class OrderLimits<float>;
template class OrderLimits<double>;

}  // namespace quotesweep
