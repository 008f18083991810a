#pragma once

#include <cstdint>

#include "market/desk_account.hpp"
#include "metrics/path_metric.hpp"

namespace quotesweep {

/// What a path of a complete market maker leaves behind beside the basic metrics: activity with
/// trades at market, attribution, round trips, orders, stops and time in the pair.
///
/// Attribution: the parts are summed up on their own. What single-precision lanes lose between them
/// and the change of equity, some 1e-7 of the gross flows, is booked to the inventory, so that the
/// parts of a path add up to its P&L.
///
/// Realised gains are by average cost. What is bought and sold in the same step is a round trip of
/// its own; the rest of that step's fills is booked against the position.
template <class Real>
class DeskDetails {
 public:
  DeskDetails(const MarketTerms& market, const AccountTerms& account);

  void begin(const Lanes<Real>& lanes);
  /// After the fills and the move of every step.
  void observe(const MarketStep<Real>& market, const Quotes<Real>& quotes, const Lanes<Real>& lanes,
               const Desk<Real>& desk);
  /// Where there is a pair signal, with its direction.
  void observe_pair(const Real* direction, const Desk<Real>& desk);
  /// Where there are stops.
  void observe_out(const Desk<Real>& desk);
  /// A lane has sold out its inventory at market after the step that was observed last.
  void observe_stop(int lane, StopReason reason, Real inventory, const Taken<Real>& taken);
  /// Before the account settles, at least every 100 steps.
  void settle(const Lanes<Real>& lanes);
  void finish(const Lanes<Real>& lanes, const PathRows& rows);

 private:
  /// Sums along the path, of which `observe` adds a step's.
  enum Sum {
    spread,
    fees,
    holding,
    bias,
    pair,
    liquidation,
    realized,
    value,
    traded_units,
    abs_inventory,
    out,
    first_packed,           // from here on two counts in each
    trades = first_packed,  // and steps with inventory
    trips,                  // and those won
    closings,               // and those won
    orders,                 // and steps at a limit
    pair_active,            // and those after the break
    sum_count
  };

  double dt_, steps_, capital_;
  std::int64_t break_step_ = 0, next_step_ = 0;
  bool has_fees_, breaks_;
  MarketStep<Real> latest_{};
  LaneArray<Real> sums_[sum_count]{};
  LaneArray<double> settled_[sum_count]{}, seconds_[sum_count]{};  // the second counts
  LaneArray<Real> entry_{};      // average entry price less the initial price [price]
  LaneArray<Real> trip_gain_{};  // of the open round trip [price]
  LaneArray<Real> walk_{};       // of the mid after the latest move [price]
  LaneArray<double> stops_[3]{}, first_stop_{};
};

extern template class DeskDetails<float>;
extern template class DeskDetails<double>;

}  // namespace quotesweep
