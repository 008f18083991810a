#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/elementary.hpp"
#include "market/average_cost.hpp"
#include "market/desk_account.hpp"
#include "metrics/path_metric.hpp"

namespace quotesweep {

/// What a path of a complete market maker leaves behind beside the basic metrics: activity with
/// trades at market, attribution, round trips, orders, stops and time in the pair.
///
/// Attribution: the parts are summed up on their own, but for that of the inventory, which is the
/// rest of the change of equity, so that the parts of a path add up to its P&L.
///
/// Realised gains are by average cost: what fills and moves have brought, less what the position
/// that is left has gained since its entry. What is bought and sold in the same step is a round
/// trip of its own; the rest of that step's fills is booked against the position.
template <class Real>
class DeskDetails {
 public:
  DeskDetails(const MarketTerms& market, const DeskAccount<Real>& account, double capital);

  void begin(const Lanes<Real>& lanes);
  /// After the fills and the move of every step, for every lane.
  void observe(int lane, const Desk<Real>& desk, const MarketStep<Real>& market,
               const LaneGain<Real>& gain);
  /// After all lanes of a step.
  void next(const MarketStep<Real>& market);
  /// After a step, where the pair's trades are the desk's own.
  void observe_pair(const Desk<Real>& desk);
  /// After a step, where they are those of all.
  void follow_pair(const PairStep<Real>& step) { followed_ = step; }
  /// From here on they are the desk's own; up to here they were followed.
  void take_over_pair();
  /// Of a whole path; looked at when it is finished.
  void observe_pair_time(const PairTime& time) { pair_time_ = &time; }
  /// After a step with lanes out of the market, before those that leave at its end.
  void observe_out(const Desk<Real>& desk);
  /// A lane has sold out its inventory at market after the step that was observed last.
  void observe_stop(int lane, StopReason reason, Real inventory, const Taken<Real>& taken);
  /// Takes what has been sent in an interval of orders away from `desk`.
  void take_orders(Desk<Real>& desk);
  /// Before the account settles, at least every `longest_chunk` steps.
  void settle(Desk<Real>& desk);
  static constexpr int longest_chunk = 63;
  void finish(const Lanes<Real>& lanes, const PathRows& rows);

 private:
  /// Sums along the path, of which `observe` adds a step's.
  enum Sum {
    captured,  // by filling at a distance from the mid
    biased,    // what that would have been more without the pair signal's shift
    value,     // of fills
    traded_units,
    abs_inventory,
    sum_count
  };

  /// What few steps or few lanes add to, in double precision; from `liquidation` on only by stops.
  enum Rare {
    pair,
    at_market,  // value of trades at market
    liquidation,
    out,  // steps out of the market
    drawdown_stops,
    var_stops,
    kill_stops,
    first_stop,  // [time], or NaN
    rare_count
  };

  /// Counts along the path.
  enum Count {
    trades,
    trips,
    won_trips,
    closings,
    won_closings,
    held,      // steps with inventory
    at_limit,  // these last two are counted in `Desk::sent`
    orders,
    count_count
  };

  using Bits = CountBits<Real>;

  /// Where a count lies in one of two numbers: wide enough for `longest_chunk` steps.
  struct Place {
    int word, first, width;
    constexpr Bits one() const { return Bits{1} << first; }
  };
  static constexpr Place places[at_limit]{{0, 8, 9},  {0, 0, 8}, {0, 17, 8},
                                          {0, 25, 7}, {1, 0, 7}, {1, 7, 6}};
  static_assert(longest_chunk < order_mark);

  /// Adds one where a condition holds.
  static Bits counted(Bits word, bool condition, Count count) {
    return condition ? word + places[count].one() : word;
  }

  void observe_trips(int lane, Real walk, const LaneGain<Real>& gain);
  void settle_count(Count count);
  void settle_pair();

  double dt_, steps_, capital_;
  double rebate_, rebate_per_unit_;
  std::int64_t break_step_ = 0, next_step_ = 0;
  bool breaks_;
  MarketStep<Real> latest_{};
  PairStep<Real> followed_{};
  bool owns_pair_ = false, any_left_ = false;
  LaneArray<Real> sums_[sum_count]{};
  LaneArray<double> settled_[sum_count]{};
  LaneArray<Bits> counts_[2]{};
  LaneArray<double> counted_[count_count]{};
  LaneArray<Real> entry_{};      // average entry price less the initial price [price]
  LaneArray<Real> trip_gain_{};  // of the open round trip [price]
  LaneArray<Real> walk_{};       // of the mid after the latest move [price]
  // Elsewhere, so that they stay out of the way; the pair's gain and value at market, since the
  // last settlement, where its trades are the desk's own.
  std::vector<LaneArray<double>> rare_;
  std::vector<LaneArray<Real>> own_pair_;
  const PairTime* pair_time_ = nullptr;
};

template <class Real>
[[gnu::always_inline]] inline void DeskDetails<Real>::observe(int lane, const Desk<Real>& desk,
                                                              const MarketStep<Real>& market,
                                                              const LaneGain<Real>& gain) {
  const Real distance = std::abs(gain.inventory);
  counts_[1][lane] += elementary::bit_unless_zero(distance, places[held].one());
  observe_trips(lane, market.walk[lane], gain);
  sums_[captured][lane] += gain.captured;
  sums_[biased][lane] = std::fma(gain.net, desk.bias_shift[lane], sums_[biased][lane]);
  sums_[value][lane] += gain.value;
  sums_[traded_units][lane] += gain.bought + gain.sold;
  sums_[abs_inventory][lane] += distance;
}

template <class Real>
[[gnu::always_inline]] inline void DeskDetails<Real>::observe_trips(int lane, Real walk,
                                                                    const LaneGain<Real>& gain) {
  using elementary::kept_if;
  const Real bid = gain.bid, ask = gain.ask, bought = gain.bought, sold = gain.sold;
  const Real both = bought < sold ? bought : sold, net = gain.net;
  const bool matched = both > Real(0), left = net != Real(0);
  // A distance that is no quote is finite, so it is gone when it is multiplied by zero.
  const Real matched_gain = both * (bid + ask);
  const Real price = net < Real(0) ? walk + ask : walk - bid;
  const auto booked = book_at_average_cost(gain.before, entry_[lane], net, price);
  // What is gained against a price that is the same but for rounding is nothing.
  constexpr Real rounding = 16 * std::numeric_limits<Real>::epsilon();
  const Real nothing = rounding * (std::abs(price) + std::abs(entry_[lane]));
  const Real no_gain = nothing * std::abs(booked.closed);
  const bool closes = booked.closed != Real(0), ended = closes & (booked.closed == gain.before);
  // Where a step has both, each bears half of its fees.
  const Real fees = matched & left ? Real(0.5) * gain.fees : gain.fees;
  const Real trip = trip_gain_[lane] + (booked.gain + kept_if(left, fees));
  entry_[lane] = booked.entry;
  trip_gain_[lane] = kept_if(!ended, trip);
  const auto one_unless_zero = [](Real units) {
    return elementary::bit_unless_zero(units, places[trades].one());
  };
  Bits word = counts_[0][lane] + (one_unless_zero(bought) + one_unless_zero(sold));
  word = counted(word, ended, trips);
  word = counted(word, ended & (trip > no_gain), won_trips);
  word = counted(word, closes, closings);
  word = matched ? word + (places[trips].one() + places[closings].one()) : word;
  counts_[0][lane] = counted(word, matched & (matched_gain + fees > Real(0)), won_trips);
  const Bits other = counted(counts_[1][lane], booked.gain > no_gain, won_closings);
  counts_[1][lane] = counted(other, matched_gain > Real(0), won_closings);
}

extern template class DeskDetails<float>;
extern template class DeskDetails<double>;

}  // namespace quotesweep
