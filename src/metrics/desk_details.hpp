#pragma once

#include <cmath>
#include <cstdint>

#include "base/elementary.hpp"
#include "market/average_cost.hpp"
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
  /// After the fills and the move of every step, for every lane.
  void observe(int lane, const Desk<Real>& desk, const MarketStep<Real>& market,
               const LaneGain<Real>& gain);
  /// After all lanes of a step.
  void next(const MarketStep<Real>& market);
  /// After a trade of the pair, in the same step.
  void observe_pair(const Desk<Real>& desk);
  /// Of a whole path.
  void observe_pair_time(const PairTime& time) { pair_time_ = time; }
  /// After a step with lanes out of the market.
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
    sum_count
  };

  /// Two counts in one number: the second counts in steps of this, which the first never reaches.
  static constexpr Real second = Real(512);

  /// 1 where `one` holds, and as a second count where `other` does as well.
  static Real count(bool one, bool other) {
    using elementary::kept_if;
    return kept_if(one, Real(1) + kept_if(other, second));
  }

  void observe_trips(int lane, Real walk, const LaneGain<Real>& gain);

  double dt_, steps_, capital_;
  std::int64_t break_step_ = 0, next_step_ = 0;
  bool breaks_;
  MarketStep<Real> latest_{};
  LaneArray<Real> sums_[sum_count]{};
  LaneArray<double> settled_[sum_count]{};
  LaneArray<double> seconds_[sum_count - first_packed]{};  // the second counts
  LaneArray<Real> entry_{};      // average entry price less the initial price [price]
  LaneArray<Real> trip_gain_{};  // of the open round trip [price]
  LaneArray<Real> walk_{};       // of the mid after the latest move [price]
  LaneArray<double> stops_[3]{}, first_stop_{};
  PairTime pair_time_;
};

template <class Real>
[[gnu::always_inline]] inline void DeskDetails<Real>::observe(int lane, const Desk<Real>& desk,
                                                              const MarketStep<Real>& market,
                                                              const LaneGain<Real>& gain) {
  using elementary::kept_if, elementary::one_if;
  const Real held = std::abs(gain.inventory);
  observe_trips(lane, market.walk[lane], gain);
  sums_[spread][lane] += gain.spread;
  sums_[holding][lane] += gain.holding;
  sums_[fees][lane] += gain.fees;
  sums_[bias][lane] += gain.bias;
  sums_[pair][lane] += gain.pair;
  sums_[trades][lane] += one_if<Real>(gain.bought > Real(0)) + one_if<Real>(gain.sold > Real(0)) +
                         kept_if(held > Real(0), second);
  sums_[value][lane] += gain.value;
  sums_[traded_units][lane] += gain.bought + gain.sold;
  sums_[abs_inventory][lane] += held;
  sums_[orders][lane] += desk.orders[lane] + second * desk.at_limit[lane];
}

template <class Real>
[[gnu::always_inline]] inline void DeskDetails<Real>::observe_trips(int lane, Real walk,
                                                                    const LaneGain<Real>& gain) {
  using elementary::kept_if;
  const Real bid = gain.bid, ask = gain.ask, bought = gain.bought, sold = gain.sold;
  const Real both = bought < sold ? bought : sold, net = bought - sold;
  const bool matched = both > Real(0), left = net != Real(0);
  // A distance that is no quote is finite, so it is gone when it is multiplied by zero.
  const Real matched_gain = both * (bid + ask);
  const Real side = net < Real(0) ? Real(-1) : Real(1);
  const Real price = net < Real(0) ? walk + ask : walk - bid;
  const auto booked = book_at_average_cost(gain.before, entry_[lane], side, side * net, price);
  const bool closes = booked.closed > Real(0), ended = closes & (side * gain.inventory >= Real(0));
  const Real half = Real(0.5) * gain.fees;  // where a step has both, each bears half of its fees
  const Real matched_fees = gain.fees - kept_if(left, half);
  const Real left_fees = kept_if(left, gain.fees - kept_if(matched, half));
  const Real trip = trip_gain_[lane] + (booked.gain + left_fees);
  entry_[lane] = booked.entry;
  trip_gain_[lane] = kept_if(!ended, trip);
  sums_[realized][lane] += booked.gain + matched_gain;
  sums_[trips][lane] +=
      count(ended, trip > Real(0)) + count(matched, matched_gain + matched_fees > Real(0));
  sums_[closings][lane] +=
      count(closes, booked.gain > Real(0)) + count(matched, matched_gain > Real(0));
}

extern template class DeskDetails<float>;
extern template class DeskDetails<double>;

}  // namespace quotesweep
