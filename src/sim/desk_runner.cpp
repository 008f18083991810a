#include "sim/desk_runner.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <memory>

#include "base/elementary.hpp"
#include "base/with_flags.hpp"

namespace quotesweep {
namespace {

/// Lines that are kept at most.
constexpr std::int64_t most_lines = 20 * chunk_steps;

}  // namespace

template <class Real>
DeskRunner<Real>::DeskRunner(const PointInput& point)
    : horizon_(point.scenario.market.horizon),
      dt_(point.scenario.market.dt),
      fixed_time_left_(point.scenario.strategy.horizon),
      strategy_(make_strategy<Real>(point.scenario.strategy, quoted_process(point.scenario),
                                    point.scenario.fills, point.quotes)),
      rules_(make_further_rules<Real>(point.scenario.risk)),
      shape_(point.scenario.strategy, market_terms(point.scenario),
             point.scenario.orders.post_only),
      size_(point.scenario.strategy, point.scenario.risk.q_max),
      limits_(point.scenario.risk, point.scenario.market, point.scenario.strategy.quantity),
      account_(market_terms(point.scenario), point.scenario.fills, point.scenario.account,
               taker_cost<Real>(point.scenario.book, point.scenario.account,
                                point.scenario.risk.slippage),
               point.scenario.strategy.pair_quantity),
      stops_(point.scenario.risk, point.scenario.market, point.scenario.account.capital),
      returns_(point.scenario.metrics, point.scenario.market, point.scenario.account.capital),
      clamped_fills_(point.scenario.market, point.scenario.fills),
      details_(market_terms(point.scenario), account_, point.scenario.account.capital),
      metrics_(make_further_metrics<Real>(point.scenario.metrics, point.scenario.market,
                                          point.scenario.fills, point.scenario.account)) {}

template <class Real>
void DeskRunner<Real>::begin() {
  next_step_ = 0;
  lined_ = rules_.empty();
  // Else nobody has written more than orders, which the limits clear. Where it is; an assignment
  // would clear another one and copy it.
  if (own_pair_ || stops_.any_left()) std::construct_at(&desk_);
  own_pair_ = false;
  account_.open(lanes_);
  limits_.begin(desk_);
  returns_.begin(lanes_);
  drawdown_.begin(lanes_);
  clamped_fills_.begin(lanes_);
  details_.begin(lanes_);
  for (auto& metric : metrics_) metric->begin(lanes_);
  stops_.begin(lanes_);
  if (stops_.active() && !returns_.every_step()) stops_.keep(seen());
}

template <class Real>
void DeskRunner<Real>::show_all() {
  own_pair_ = account_.trades_pair();
}

template <class Real>
double DeskRunner<Real>::time_left(std::int64_t step) const {
  return fixed_time_left_ > 0.0 ? fixed_time_left_ : horizon_ - static_cast<double>(step) * dt_;
}

/// Sets the lines of the next steps; leaves none where the strategy follows none, now or ever. They
/// are kept for the next block of lanes.
template <class Real>
void DeskRunner<Real>::make_lines(bool estimated) {
  std::array<double, chunk_steps> times_left;
  std::array<QuoteLine, chunk_steps> lines, per_variance{};
  for (std::size_t i = 0; i < chunk_steps; ++i)
    times_left[i] = time_left(next_step_ + static_cast<std::int64_t>(i));
  if (next_step_ != first_line_ + std::ssize(lines_) || std::ssize(lines_) >= most_lines) {
    lines_.clear();
    first_line_ = next_step_;
  }
  lined_ = estimated ? strategy_->lines_with(times_left, lines, per_variance)
                     : strategy_->lines(times_left, lines);
  lined_ = lined_ && !lines[0].floored;
  if (!lined_) return;
  const auto lane = [](double x) { return static_cast<Real>(x); };
  for (std::size_t i = 0; i < chunk_steps; ++i)
    lines_.push_back({lane(lines[i].half_spread), lane(lines[i].skew),
                      lane(per_variance[i].half_spread), lane(per_variance[i].skew)});
}

/// Whether this step's quotes follow a line.
template <class Real>
bool DeskRunner<Real>::follow_lines(const DeskStep<Real>& step) {
  const std::int64_t at = next_step_ - first_line_;
  const bool made = at >= 0 && at < std::ssize(lines_);
  if (lined_ && !made) make_lines(step.signals.variance != nullptr);
  return lined_;
}

template <class Real>
void DeskRunner<Real>::quote(const DeskStep<Real>& step) {
  const bool lined = follow_lines(step);
  if (!lined) {
    if (step.signals.variance != nullptr)
      strategy_->quote_with(step.signals.variance, time_left(next_step_), lanes_, quotes_);
    else
      strategy_->quote(time_left(next_step_), lanes_, quotes_);
    for (auto& rule : rules_) rule->restrict_quotes(lanes_, quotes_);
  }
  if (limits_.begins_interval(next_step_)) details_.take_orders(desk_);
  with_flags<6>({shape_.recentres(), shape_.rounds(), limits_.levered(), lined,
                 limits_.one_side() || stops_.any_out(), limits_.may_refuse(next_step_)},
                [&](auto... flags) { send_lanes<flags.value...>(step); });
}

/// From the strategy's distances to orders and what of them is filled, of all lanes in one pass.
template <class Real>
template <bool recentres, bool rounds, bool levered, bool lined, bool some_out, bool may_refuse>
void DeskRunner<Real>::send_lanes(const DeskStep<Real>& step) {
  // Local copies, so that stores to lanes cannot change them.
  const auto shape = shape_;
  const auto size = size_;
  const auto limits = limits_;
  const auto account = account_;
  const auto draws = step.draws;
  const auto shape_view = shape.view(step);
  const auto size_view = size.view(step);
  const Real *per_mid = step.market.per_mid, *above = step.market.above;
  const auto line = lined ? lines_[static_cast<std::size_t>(next_step_ - first_line_)] : LaneLine{};
  // Without an estimate any array of finite numbers will do, times zero.
  const Real* variance = step.signals.variance != nullptr ? step.signals.variance : step.market.mid;
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const Real inventory = lanes_.inventory[lane];
    LaneOrders<Real> orders;
    if constexpr (lined) {
      const Real half_spread = std::fma(line.half_spread_by, variance[lane], line.half_spread);
      const Real shift = inventory * std::fma(line.skew_by, variance[lane], line.skew);
      shape.template set<recentres, rounds>(lane, shape_view, inventory, half_spread, shift,
                                            orders);
    } else {
      orders.bid = quotes_.bid_distance[lane];
      orders.ask = quotes_.ask_distance[lane];
      shape.template set<recentres, rounds>(lane, shape_view, inventory, orders);
    }
    if constexpr (recentres) desk_.bias_shift[lane] = orders.bias_shift;
    size.set(lane, size_view, inventory, orders);
    limits.template admit<levered, lined, some_out, may_refuse>(lane, per_mid, lanes_, desk_,
                                                                orders);
    if constexpr (rounds) {
      orders.bid = shape.bid_distance(above[lane], orders.bid_level);
      orders.ask = shape.ask_distance(above[lane], orders.ask_level);
    }
    account.fill(lane, draws, orders, quotes_, lanes_, desk_);
  }
}

/// From here on the lanes differ from those that have never left the market.
template <class Real>
void DeskRunner<Real>::take_over_pair(const DeskStep<Real>& step) {
  std::copy_n(step.pair.units, lane_count, desk_.pair_units.values);
  std::copy_n(step.pair.hedge, lane_count, desk_.pair_hedge.values);
  std::copy_n(step.signals.pair_direction, lane_count, desk_.pair_direction.values);
  details_.take_over_pair();
  own_pair_ = true;
}

/// What stops look at as long as they do not keep it themselves.
template <class Real>
auto DeskRunner<Real>::seen() const -> typename Stops<Real>::Seen {
  if (stops_.keeps()) return stops_.kept();
  return {drawdown_.peak(), returns_.squares()};
}

/// Leaves the market in the lanes that a stop has asked for.
template <class Real>
void DeskRunner<Real>::stop(const DeskStep<Real>& step) {
  if (account_.trades_pair() && !own_pair_) take_over_pair(step);
  if (!stops_.keeps()) stops_.keep(seen());
  for (int lane = 0; lane < lane_count; ++lane) {
    if (desk_.stop_asked[lane] == no_stop) continue;
    const auto reason = static_cast<StopReason>(desk_.stop_asked[lane]);
    const Real inventory = lanes_.inventory[lane], gained = lanes_.equity_change[lane];
    details_.observe_stop(lane, reason, inventory,
                          account_.liquidate(lane, step.market, lanes_, desk_));
    if (returns_.every_step()) returns_.amend(lane, gained, lanes_.equity_change[lane]);
    drawdown_.observe(lane, lanes_.equity[lane]);
    stops_.keep_out(lane, lanes_, desk_);
  }
}

/// What the fills and the move bring, and everything that is measured of it, of all lanes in one
/// pass.
template <class Real>
template <bool paired, bool guarded, bool every_step, bool by_unit>
bool DeskRunner<Real>::book_lanes(const DeskStep<Real>& step, const Real* pair_gain) {
  const auto market = step.market;  // copies, which no store can change
  const auto account = account_;
  // Falls are not negative, so their bits order like they do, and integers are compared faster.
  using Bits = typename elementary::Format<Real>::SignedBits;
  Bits deepest = 0;
#pragma omp simd reduction(max : deepest)
  for (int lane = 0; lane < lane_count; ++lane) {
    const auto gain =
        account.template step<paired, by_unit>(lane, market, pair_gain, quotes_, lanes_);
    details_.observe(lane, desk_, market, gain);
    if constexpr (every_step) returns_.observe(lane, gain.change);
    const Real equity = lanes_.equity[lane], fall = drawdown_.observe(lane, equity);
    if constexpr (guarded) {
      const auto bits = std::bit_cast<Bits>(fall);
      deepest = bits > deepest ? bits : deepest;
    }
  }
  return guarded && stops_.might_leave(std::bit_cast<Real>(deepest));
}

template <class Real>
void DeskRunner<Real>::book(const DeskStep<Real>& step) {
  const bool paired = account_.trades_pair(), guarded = stops_.active() && !stops_.keeps();
  if (own_pair_) account_.pair().trade(step.market, step.signals, desk_);
  const Real* pair_gain = own_pair_ ? desk_.pair_gain.values : step.pair.gain;
  bool might_leave = false;
  with_flags<4>({paired, guarded, returns_.every_step(), account_.rebate_per_unit() != Real(0)},
                [&](auto... flags) { might_leave = book_lanes<flags.value...>(step, pair_gain); });
  details_.next(step.market);
  if (own_pair_)
    details_.observe_pair(desk_);
  else
    details_.follow_pair(step.pair);
  if (!stops_.active()) return;
  if (stops_.keeps()) might_leave = stops_.observe(lanes_);
  if (stops_.any_out()) details_.observe_out(desk_);
  if (stops_.ask(might_leave, seen(), lanes_, desk_)) stop(step);
}

/// What users have added; the traded value is booked for them alone.
template <class Real>
void DeskRunner<Real>::measure(const DeskStep<Real>& step) {
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const Real bought = lanes_.bid_filled[lane], sold = lanes_.ask_filled[lane];
    const Real below = bought * quotes_.bid_distance[lane],
               above = sold * quotes_.ask_distance[lane];
    lanes_.traded_value[lane] = (bought + sold) * step.market.mid[lane] + (above - below);
  }
  for (auto& metric : metrics_) metric->observe(quotes_, lanes_);
}

template <class Real>
void DeskRunner<Real>::advance(const DeskStep<Real>& step) {
  quote(step);
  book(step);
  clamped_fills_.observe(quotes_, lanes_);
  if (!returns_.every_step()) returns_.observe(quotes_, lanes_);
  if (!metrics_.empty()) measure(step);
  ++next_step_;
}

template <class Real>
void DeskRunner<Real>::settle() {
  stops_.settle(seen(), lanes_);
  returns_.settle(lanes_);
  drawdown_.settle(lanes_);
  clamped_fills_.settle(lanes_);
  details_.settle(desk_);
  for (auto& metric : metrics_) metric->settle(lanes_);
  settle_equity(lanes_);
}

template <class Real>
void DeskRunner<Real>::finish(const PathRows& rows) {
  details_.take_orders(desk_);
  returns_.finish(lanes_, rows);
  drawdown_.finish(lanes_, rows);
  clamped_fills_.finish(lanes_, rows);
  details_.finish(lanes_, rows);
  negative_prices_->finish(rows);
  for (auto& metric : metrics_) metric->finish(lanes_, rows);
}

template class DeskRunner<float>;
template class DeskRunner<double>;

}  // namespace quotesweep
