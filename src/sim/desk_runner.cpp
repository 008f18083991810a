#include "sim/desk_runner.hpp"

#include <algorithm>

#include "base/with_flags.hpp"

namespace quotesweep {

template <class Real>
DeskRunner<Real>::DeskRunner(const PointInput& point)
    : horizon_(point.scenario.market.horizon),
      dt_(point.scenario.market.dt),
      fixed_time_left_(point.scenario.strategy.horizon),
      strategy_(make_strategy<Real>(point.scenario.strategy, quoted_process(point.scenario),
                                    point.scenario.fills, point.quotes)),
      rules_(make_further_rules<Real>(point.scenario.risk)),
      shape_(point.scenario.strategy, market_terms(point.scenario)),
      size_(point.scenario.strategy, point.scenario.risk.q_max),
      limits_(point.scenario.risk, point.scenario.market, point.scenario.strategy.quantity),
      account_(market_terms(point.scenario), point.scenario.fills, point.scenario.account,
               taker_cost<Real>(point.scenario.book, point.scenario.account,
                                point.scenario.risk.slippage),
               point.scenario.strategy.pair_quantity),
      stops_(point.scenario.risk, point.scenario.market, point.scenario.account.capital),
      returns_(point.scenario.metrics, point.scenario.market, point.scenario.account.capital),
      clamped_fills_(point.scenario.market, point.scenario.fills),
      details_(market_terms(point.scenario), account_, point.scenario.account.capital) {}

template <class Real>
void DeskRunner<Real>::begin() {
  next_step_ = 0;
  own_pair_ = measures_late_ = false;
  account_.open(lanes_, desk_);
  limits_.begin(desk_);
  stops_.begin(lanes_);
  returns_.begin(lanes_);
  drawdown_.begin(lanes_);
  clamped_fills_.begin(lanes_);
  details_.begin(lanes_);
}

template <class Real>
double DeskRunner<Real>::time_left() const {
  return fixed_time_left_ > 0.0 ? fixed_time_left_
                                : horizon_ - static_cast<double>(next_step_) * dt_;
}

/// Sets the line that this step's quotes follow; false where they follow none.
template <class Real>
bool DeskRunner<Real>::follow_line(const DeskStep<Real>& step) {
  if (!rules_.empty()) return false;
  const double tau = time_left();
  const bool estimated = step.signals.variance != nullptr;
  QuoteLine line, per_variance;
  const bool follows = estimated ? strategy_->line_with(tau, line, per_variance)
                                 : strategy_->lines({&tau, 1}, {&line, 1});
  if (!follows || line.floored) return false;
  const auto lane = [](double x) { return static_cast<Real>(x); };
  line_ = {lane(line.half_spread), lane(line.skew), lane(per_variance.half_spread),
           lane(per_variance.skew), estimated ? step.signals.variance : step.market.mid};
  return true;
}

template <class Real>
void DeskRunner<Real>::quote(const DeskStep<Real>& step) {
  const bool lined = follow_line(step);
  if (!lined) {
    if (step.signals.variance != nullptr)
      strategy_->quote_with(step.signals.variance, time_left(), lanes_, quotes_);
    else
      strategy_->quote(time_left(), lanes_, quotes_);
    for (auto& rule : rules_) rule->restrict_quotes(lanes_, quotes_);
  }
  limits_.next(next_step_, desk_);
  with_flags<5>({shape_.recentres(), shape_.rounds(), limits_.levered(), limits_.one_side(), lined},
                [&](auto... flags) { send_lanes<flags.value...>(step); });
}

/// From the strategy's distances to orders, of all lanes in one pass.
template <class Real>
template <bool recentres, bool rounds, bool levered, bool one_side, bool lined>
void DeskRunner<Real>::send_lanes(const DeskStep<Real>& step) {
  // Local copies, so that stores to lanes cannot change them.
  const auto shape = shape_;
  const auto size = size_;
  const auto limits = limits_;
  const auto shape_view = shape.view(step);
  const auto size_view = size.view(step);
  const Real* per_mid = step.market.per_mid;
  const auto line = line_;
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const Real inventory = lanes_.inventory[lane];
    LaneOrders<Real> orders;
    if constexpr (lined) {
      const Real variance = line.variance[lane];
      const Real half_spread = line.half_spread_by * variance + line.half_spread;
      const Real shift = inventory * (line.skew_by * variance + line.skew);
      shape.template set<recentres, rounds>(lane, shape_view, inventory, half_spread, shift,
                                            orders);
    } else {
      orders.bid = quotes_.bid_distance[lane];
      orders.ask = quotes_.ask_distance[lane];
      shape.template set<recentres, rounds>(lane, shape_view, inventory, orders);
    }
    if constexpr (recentres) desk_.bias_shift[lane] = orders.bias_shift;
    size.set(lane, size_view, inventory, orders);
    limits.template admit<levered, one_side, lined>(lane, per_mid, lanes_, orders, desk_, quotes_);
  }
}

/// From here on the lanes differ from those that have never left the market.
template <class Real>
void DeskRunner<Real>::take_over_pair(const DeskStep<Real>& step) {
  std::copy_n(step.pair.units, lane_count, desk_.pair_units.values);
  std::copy_n(step.pair.hedge, lane_count, desk_.pair_hedge.values);
  std::copy_n(step.signals.pair_direction, lane_count, desk_.pair_direction.values);
  details_.settle_pair();
  own_pair_ = true;
}

/// Leaves the market in the lanes that a stop has asked for.
template <class Real>
void DeskRunner<Real>::stop(const DeskStep<Real>& step) {
  if (account_.trades_pair() && !own_pair_) take_over_pair(step);
  for (int lane = 0; lane < lane_count; ++lane) {
    if (desk_.stop_asked[lane] == no_stop) continue;
    const auto reason = static_cast<StopReason>(desk_.stop_asked[lane]);
    const Real inventory = lanes_.inventory[lane];
    details_.observe_stop(lane, reason, inventory,
                          account_.liquidate(lane, step.market, lanes_, desk_));
    stops_.keep_out(lane, lanes_, desk_);
  }
}

/// What is measured of a lane's equity after a step of one interval.
template <class Real>
[[gnu::always_inline]] inline void DeskRunner<Real>::measure(int lane) {
  returns_.observe(lane, lanes_.equity_change[lane]);
  drawdown_.observe(lane, lanes_.equity[lane]);
}

/// Fills and the move of all lanes, and everything that is measured of them, in one pass.
template <class Real>
template <bool paired, bool guarded, bool late>
bool DeskRunner<Real>::trade_lanes(DeskStep<Real> step,  // a copy, which no store can change
                                   const Real* pair_gain) {
  int would_leave = 0;
#pragma omp simd reduction(| : would_leave)
  for (int lane = 0; lane < lane_count; ++lane) {
    if constexpr (late) measure(lane);
    const auto gain = account_.template step<paired>(lane, step, pair_gain, quotes_, desk_, lanes_);
    details_.observe(lane, desk_, step.market, gain);
    if constexpr (guarded) would_leave |= stops_.observe(lane, gain.change, lanes_.equity[lane]);
  }
  return would_leave != 0;
}

/// What is measured of the lanes' equity, after stops have taken their cost. Where an interval is
/// one step this is left to the next step's pass.
template <class Real>
void DeskRunner<Real>::measure() {
  clamped_fills_.observe(quotes_, lanes_);
  measures_late_ = returns_.every_step();
  if (measures_late_) return;
  returns_.observe(quotes_, lanes_);
  drawdown_.observe(quotes_, lanes_);
}

template <class Real>
void DeskRunner<Real>::trade(const DeskStep<Real>& step) {
  const bool paired = account_.trades_pair(), guarded = stops_.active();
  if (own_pair_) account_.pair().trade(step.market, step.signals, desk_);
  const Real* pair_gain = own_pair_ ? desk_.pair_gain.values : step.pair.gain;
  bool would_leave = false;
  with_flags<3>({paired, guarded, measures_late_},
                [&](auto... flags) { would_leave = trade_lanes<flags.value...>(step, pair_gain); });
  details_.next(step.market);
  if (own_pair_)
    details_.observe_pair(desk_);
  else
    details_.follow_pair(step.pair);
  if (!guarded) return;
  if (stops_.ask(would_leave, lanes_, desk_)) stop(step);
  if (stops_.any_out()) details_.observe_out(desk_);
}

template <class Real>
void DeskRunner<Real>::advance(const DeskStep<Real>& step) {
  quote(step);
  trade(step);
  measure();
  ++next_step_;
}

template <class Real>
void DeskRunner<Real>::settle() {
  if (measures_late_)
#pragma omp simd
    for (int lane = 0; lane < lane_count; ++lane) measure(lane);
  measures_late_ = false;
  returns_.settle(lanes_);
  drawdown_.settle(lanes_);
  clamped_fills_.settle(lanes_);
  details_.settle(lanes_);
  stops_.settle(lanes_);
  settle_equity(lanes_);
}

template <class Real>
void DeskRunner<Real>::finish(const PathRows& rows) {
  returns_.finish(lanes_, rows);
  drawdown_.finish(lanes_, rows);
  clamped_fills_.finish(lanes_, rows);
  details_.finish(lanes_, rows);
}

template class DeskRunner<float>;
template class DeskRunner<double>;

}  // namespace quotesweep
