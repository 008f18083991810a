#pragma once

#include <cstdint>

#include "base/elementary.hpp"
#include "market/desk.hpp"
#include "market/price_process.hpp"
#include "risk/risk_rule.hpp"

namespace quotesweep {

/// What is checked before an order is sent, after the rules of `make_further_rules`: no order
/// beyond q_max or leverage x equity, of the side that may not be open as well, beyond the number
/// of orders in an interval, or out of the market. Sizes are cut to what the limits leave; what is
/// left of less than a millionth of the base quantity is no order. An order that keeps its price
/// stays and does not count; one whose price would change when no more orders may be sent is
/// cancelled.
template <class Real>
class OrderLimits {
 public:
  OrderLimits(const RiskTerms& terms, const PriceProcess& process, double quantity);

  /// No open orders in any lane.
  void begin(Desk<Real>& desk) const;
  /// Whether an interval begins with a step, before which the orders of the last are taken away
  /// from `desk.sent`.
  bool begins_interval(std::int64_t step) const { return step % interval_ == 0; }
  /// Whether an order at a step may be one too many; none is at first.
  bool may_refuse(std::int64_t step) const {
    return (2 * (step % interval_) + 1) * order_mark >= static_cast<std::int64_t>(most_orders_);
  }
  /// Cuts sizes of a lane and says which of its orders are open. `per_mid` is 1 / mid over lanes.
  /// `levered` is that of these limits, `both` says that no side is without a quote. What is rare
  /// is only looked at if `some_out`, which is also for `one_side`, and `may_refuse`.
  template <bool levered, bool both = false, bool some_out = true, bool may_refuse = true>
  void admit(int lane, const Real* per_mid, const Lanes<Real>& lanes, Desk<Real>& desk,
             LaneOrders<Real>& orders) const;

  bool levered() const { return leverage_ > Real(0); }
  bool one_side() const { return one_side_; }

 private:
  template <bool levered>
  Real most_held(int lane, const Real* per_mid, const Lanes<Real>& lanes) const;

  Real q_max_, leverage_, dust_;
  Real most_to_bid_, least_to_ask_;  // inventory with which that side may be open [units]
  CountBits<Real> most_orders_;      // times order_mark
  bool one_side_;
  std::int64_t interval_;  // [steps]
};

/// Largest |inventory| that is allowed [units].
template <class Real>
template <bool levered>
[[gnu::always_inline]] inline Real OrderLimits<Real>::most_held(int lane, const Real* per_mid,
                                                                const Lanes<Real>& lanes) const {
  if constexpr (!levered) return q_max_;
  const Real equity = lanes.settled[lane] + lanes.equity[lane];
  const Real held = leverage_ * elementary::positive_part(equity) * per_mid[lane];
  return held < q_max_ ? held : q_max_;
}

template <class Real>
template <bool levered, bool both, bool some_out, bool may_refuse>
[[gnu::always_inline]] inline void OrderLimits<Real>::admit(int lane, const Real* per_mid,
                                                            const Lanes<Real>& lanes,
                                                            Desk<Real>& desk,
                                                            LaneOrders<Real>& orders) const {
  using elementary::bits_if;
  using Bits = CountBits<Real>;
  const Real q = lanes.inventory[lane];
  const Real most = this->template most_held<levered>(lane, per_mid, lanes);
  const Real room_to_buy = most - q, room_to_sell = most + q;
  const Real buy = orders.bid_size < room_to_buy ? orders.bid_size : room_to_buy;
  const Real sell = orders.ask_size < room_to_sell ? orders.ask_size : room_to_sell;
  const bool buys = buy > dust_, sells = sell > dust_;
  bool bid_wanted = buys & (both | (orders.bid < no_quote<Real>));
  bool ask_wanted = sells & (both | (orders.ask < no_quote<Real>));
  bool limited = !(buys & sells);
  if constexpr (some_out) {
    const bool in = desk.steps_out[lane] <= Real(0);
    bid_wanted &= in & (q <= most_to_bid_);
    ask_wanted &= in & (q > least_to_ask_);
    limited &= in;
  }
  const bool bid_new = bid_wanted & (orders.bid_level != desk.bid_level[lane]);
  const bool ask_new = ask_wanted & (orders.ask_level != desk.ask_level[lane]);
  const Bits before = desk.sent[lane] + bits_if(limited, Bits{1});
  orders.bid_open = bid_wanted, orders.ask_open = ask_wanted;
  Bits bids = bits_if(bid_new, Bits{order_mark}), asks = bits_if(ask_new, Bits{order_mark});
  if constexpr (may_refuse) {
    const bool bid_refused = bid_new & (before >= most_orders_);
    bids = bits_if(bid_new ^ bid_refused, Bits{order_mark});
    const bool ask_refused = ask_new & (before + bids >= most_orders_);
    asks = bits_if(ask_new ^ ask_refused, Bits{order_mark});
    orders.bid_open ^= bid_refused, orders.ask_open ^= ask_refused;
  }
  desk.sent[lane] = before + (bids + asks);
  orders.bid_size = buy;
  orders.ask_size = sell;
}

extern template class OrderLimits<float>;
extern template class OrderLimits<double>;

}  // namespace quotesweep
