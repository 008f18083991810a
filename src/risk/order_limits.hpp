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
  /// Cuts sizes of a lane and says which of its orders are open. `per_mid` is 1 / mid over lanes.
  /// `levered` and `one_side` are those of these limits; `both` says that no side is without a
  /// quote, `all_in` that no lane is out of the market.
  template <bool levered, bool one_side, bool both = false, bool all_in = false>
  void admit(int lane, const Real* per_mid, const Lanes<Real>& lanes, Desk<Real>& desk,
             LaneOrders<Real>& orders) const;

  bool levered() const { return leverage_ > Real(0); }
  bool one_side() const { return one_side_; }

 private:
  template <bool levered>
  Real most_held(int lane, const Real* per_mid, const Lanes<Real>& lanes) const;

  Real q_max_, leverage_, dust_;
  CountBits<Real> most_orders_;  // times order_mark
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
template <bool levered, bool one_side, bool both, bool all_in>
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
  if constexpr (one_side) {  // that which reduces the inventory; without inventory the bid
    bid_wanted &= !(q > Real(0));
    ask_wanted &= q > Real(0);
  }
  if constexpr (!all_in) {
    const bool in = desk.steps_out[lane] <= Real(0);
    bid_wanted &= in, ask_wanted &= in, limited &= in;
  }
  const bool bid_new = bid_wanted & (orders.bid_level != desk.bid_level[lane]);
  const bool ask_new = ask_wanted & (orders.ask_level != desk.ask_level[lane]);
  const Bits before = desk.sent[lane];
  const bool bid_refused = bid_new & (before >= most_orders_);
  const Bits between = before + bits_if(bid_new ^ bid_refused, Bits{order_mark});
  const bool ask_refused = ask_new & (between >= most_orders_);
  const Bits after = between + bits_if(ask_new ^ ask_refused, Bits{order_mark});
  desk.sent[lane] = after + bits_if(limited, Bits{1});
  orders.bid_open = bid_wanted ^ bid_refused;
  orders.ask_open = ask_wanted ^ ask_refused;
  orders.bid_size = buy;
  orders.ask_size = sell;
}

extern template class OrderLimits<float>;
extern template class OrderLimits<double>;

}  // namespace quotesweep
