#pragma once

#include <cstdint>

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

  void begin();
  /// Cuts sizes and takes quotes away, at step `step`. `per_mid` is 1 / mid over lanes. Orders that
  /// were filled in the step before are gone.
  void apply(std::int64_t step, const Real* per_mid, const Lanes<Real>& lanes, Desk<Real>& desk,
             Quotes<Real>& quotes);

 private:
  template <bool levered>
  Real most_held(int lane, const Real* per_mid, const Lanes<Real>& lanes) const;
  template <bool levered, bool one_side>
  void apply_lanes(const Real* per_mid, const Lanes<Real>& lanes, Desk<Real>& desk,
                   Quotes<Real>& quotes);

  Real q_max_, leverage_, dust_, most_orders_;
  bool one_side_;
  std::int64_t interval_;                    // [steps]
  LaneArray<Real> bid_sent_{}, ask_sent_{};  // levels of open orders
  LaneArray<Real> sent_{};                   // orders in this interval
};

extern template class OrderLimits<float>;
extern template class OrderLimits<double>;

}  // namespace quotesweep
