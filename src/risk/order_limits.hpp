#pragma once

#include <cstdint>

#include "base/elementary.hpp"
#include "market/desk.hpp"
#include "market/price_process.hpp"
#include "risk/risk_rule.hpp"

namespace quotesweep {

/// What is checked before an order is sent, after the rules of `make_further_rules`: no order out
/// of the market, beyond q_max or leverage x equity, of the side that may not be open as well, or
/// beyond the number of orders in an interval. Sizes are cut to what the limits leave; what is left
/// of less than a millionth of the base quantity is no order. An order that keeps its price stays
/// and does not count; one whose price would change when no more orders may be sent is cancelled.
template <class Real>
class OrderLimits {
 public:
  OrderLimits(const RiskTerms& terms, const PriceProcess& process, double quantity);

  /// No open orders in any lane.
  void begin(Desk<Real>& desk) const;
  /// Before the lanes of step `step`.
  void next(std::int64_t step, Desk<Real>& desk) const;
  /// Cuts sizes of a lane and takes quotes away. `per_mid` is 1 / mid over lanes. Orders that were
  /// filled in the step before are gone. `levered` and `one_side` are those of these limits; `both`
  /// says that no side is without a quote.
  template <bool levered, bool one_side, bool both = false>
  void admit(int lane, const Real* per_mid, const Lanes<Real>& lanes, const LaneOrders<Real>& asked,
             Desk<Real>& desk, Quotes<Real>& quotes) const;

  bool levered() const { return leverage_ > Real(0); }
  bool one_side() const { return one_side_; }

 private:
  template <bool levered>
  Real most_held(int lane, const Real* per_mid, const Lanes<Real>& lanes) const;

  Real q_max_, leverage_, dust_;
  CountBits<Real> most_orders_;
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
  const Real held = leverage_ * (equity > Real(0) ? equity : Real(0)) * per_mid[lane];
  return held < q_max_ ? held : q_max_;
}

template <class Real>
template <bool levered, bool one_side, bool both>
[[gnu::always_inline]] inline void OrderLimits<Real>::admit(int lane, const Real* per_mid,
                                                            const Lanes<Real>& lanes,
                                                            const LaneOrders<Real>& asked,
                                                            Desk<Real>& desk,
                                                            Quotes<Real>& quotes) const {
  using elementary::bits_if, elementary::kept_if;
  using Bits = CountBits<Real>;
  const Real q = lanes.inventory[lane];
  const Real most = this->template most_held<levered>(lane, per_mid, lanes);
  const Real room_to_buy = most - q, room_to_sell = most + q;
  const Real buy = asked.bid_size < room_to_buy ? asked.bid_size : room_to_buy;
  const Real sell = asked.ask_size < room_to_sell ? asked.ask_size : room_to_sell;
  const bool in = desk.steps_out[lane] <= Real(0), buys = buy > dust_, sells = sell > dust_;
  bool bid_wanted = in & buys & (both | (asked.bid < no_quote<Real>));
  bool ask_wanted = in & sells & (both | (asked.ask < no_quote<Real>));
  if constexpr (one_side) {  // that which reduces the inventory; without inventory the bid
    bid_wanted &= !(q > Real(0));
    ask_wanted &= q > Real(0);
  }
  constexpr Real none = no_level<Real>;
  const Real bid_there = lanes.bid_filled[lane] > Real(0) ? none : desk.bid_level[lane];
  const Real ask_there = lanes.ask_filled[lane] > Real(0) ? none : desk.ask_level[lane];
  const bool bid_new = bid_wanted & (asked.bid_level != bid_there);
  const bool ask_new = ask_wanted & (asked.ask_level != ask_there);
  const Bits before = desk.sent[lane];
  const bool bid_refused = bid_new & (before >= most_orders_);
  const Bits between = before + bits_if(bid_new ^ bid_refused, Bits{1});
  const bool ask_refused = ask_new & (between >= most_orders_);
  const Bits after = between + bits_if(ask_new ^ ask_refused, Bits{1});
  const bool bid_open = bid_wanted ^ bid_refused, ask_open = ask_wanted ^ ask_refused;
  desk.sent[lane] = after;
  const bool limited = in & ((buy < sell ? buy : sell) <= dust_);
  desk.orders[lane] = after - before + bits_if(limited, Bits{at_limit_mark});
  desk.bid_level[lane] = bid_open ? asked.bid_level : none;
  desk.ask_level[lane] = ask_open ? asked.ask_level : none;
  desk.bid_size[lane] = kept_if(bid_open, buy);
  desk.ask_size[lane] = kept_if(ask_open, sell);
  quotes.bid_distance[lane] = bid_open ? asked.bid : no_quote<Real>;
  quotes.ask_distance[lane] = ask_open ? asked.ask : no_quote<Real>;
}

extern template class OrderLimits<float>;
extern template class OrderLimits<double>;

}  // namespace quotesweep
