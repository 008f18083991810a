#pragma once

#include "metrics/path_metric.hpp"

namespace quotesweep {

/// trades, turnover, mean_abs_inventory and terminal_inventory.
template <class Real>
class Activity final : public PathMetric<Real> {
 public:
  Activity(const PriceProcess& process, double capital);

  void begin(const Lanes<Real>& lanes) override;
  void observe(const Quotes<Real>& quotes, const Lanes<Real>& lanes) override;

  /// What `observe` changes of a lane, or of a Pack of them, to be held in registers for some
  /// steps.
  template <class V>
  struct Held {
    V fills, value, inventory;
  };
  template <class V>
  Held<V> hold(int lane) const {
    return {load<V>(fills_, lane), load<V>(value_, lane), load<V>(inventory_, lane)};
  }
  template <class V>
  static void observe(Held<V>& held, V fills, V value, V inventory) {
    held.fills += fills;
    held.value += value;
    held.inventory += magnitude(inventory);
  }
  template <class V>
  void put_back(const Held<V>& held, int lane) {
    store(held.fills, fills_, lane);
    store(held.value, value_, lane);
    store(held.inventory, inventory_, lane);
  }

  void settle(const Lanes<Real>& lanes) override;
  void finish(const Lanes<Real>& lanes, const PathRows& rows) override;

 private:
  double steps_, capital_;
  LaneArray<Real> fills_, value_, inventory_;
  LaneArray<double> fills_settled_, value_settled_, inventory_settled_;
};

}  // namespace quotesweep
