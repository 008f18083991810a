#include "sim/desk_runner.hpp"

#include "metrics/clamped_fills.hpp"
#include "metrics/drawdown.hpp"
#include "metrics/returns.hpp"

namespace quotesweep {

template <class Real>
DeskRunner<Real>::DeskRunner(const PointInput& point)
    : horizon_(point.scenario.market.horizon),
      dt_(point.scenario.market.dt),
      fixed_time_left_(point.scenario.strategy.horizon),
      strategy_(make_strategy<Real>(point.scenario.strategy, quoted_process(point.scenario),
                                    point.scenario.fills, point.quotes)),
      rules_(make_risk_rules<Real>(point.scenario.risk)),
      shape_(point.scenario.strategy, market_terms(point.scenario)),
      size_(point.scenario.strategy, point.scenario.risk.q_max),
      limits_(point.scenario.risk, point.scenario.market, point.scenario.strategy.quantity),
      account_(market_terms(point.scenario), point.scenario.fills, point.scenario.account,
               taker_cost<Real>(point.scenario.book, point.scenario.account,
                                point.scenario.risk.slippage),
               point.scenario.strategy.pair_quantity),
      stops_(point.scenario.risk, point.scenario.market, point.scenario.account.capital),
      details_(market_terms(point.scenario), point.scenario.account) {
  const auto& s = point.scenario;
  metrics_.push_back(std::make_unique<Returns<Real>>(s.metrics, s.market, s.account.capital));
  metrics_.push_back(std::make_unique<Drawdown<Real>>());
  metrics_.push_back(std::make_unique<ClampedFills<Real>>(s.market, s.fills));
}

template <class Real>
void DeskRunner<Real>::begin() {
  next_step_ = 0;
  account_.open(lanes_, desk_);
  limits_.begin();
  stops_.begin(lanes_);
  for (auto& metric : metrics_) metric->begin(lanes_);
  details_.begin(lanes_);
}

template <class Real>
void DeskRunner<Real>::quote(const DeskStep<Real>& step) {
  const double time_left =
      fixed_time_left_ > 0.0 ? fixed_time_left_ : horizon_ - static_cast<double>(next_step_) * dt_;
  if (step.signals.variance != nullptr)
    strategy_->quote_with(step.signals.variance, time_left, lanes_, quotes_);
  else
    strategy_->quote(time_left, lanes_, quotes_);
  shape_.apply(step.market, step.signals, lanes_, quotes_, desk_);
  size_.apply(step.signals, lanes_, desk_);
  for (auto& rule : rules_) rule->restrict_quotes(lanes_, quotes_);
  limits_.apply(next_step_, step.market.per_mid, lanes_, desk_, quotes_);
}

/// Leaves the market in the lanes that a stop has asked for.
template <class Real>
void DeskRunner<Real>::stop(const DeskStep<Real>& step) {
  for (int lane = 0; lane < lane_count; ++lane) {
    if (desk_.stop_asked[lane] == no_stop) continue;
    const auto reason = static_cast<StopReason>(desk_.stop_asked[lane]);
    const Real inventory = lanes_.inventory[lane];
    details_.observe_stop(lane, reason, inventory,
                          account_.liquidate(lane, step.market, lanes_, desk_));
    stops_.keep_out(lane, lanes_, desk_);
  }
}

template <class Real>
void DeskRunner<Real>::advance(const DeskStep<Real>& step) {
  quote(step);
  if (account_.trades_pair()) account_.trade_pair(step.market, step.signals, desk_);
  account_.step(step.draws, step.market, quotes_, lanes_, desk_);
  details_.observe(step.market, quotes_, lanes_, desk_);
  if (step.signals.pair_direction != nullptr)
    details_.observe_pair(step.signals.pair_direction, desk_);
  if (stops_.active()) {
    if (stops_.watch(lanes_, desk_)) stop(step);
    details_.observe_out(desk_);
  }
  for (auto& metric : metrics_) metric->observe(quotes_, lanes_);
  ++next_step_;
}

template <class Real>
void DeskRunner<Real>::settle() {
  for (auto& metric : metrics_) metric->settle(lanes_);
  details_.settle(lanes_);
  stops_.settle(lanes_);
  settle_equity(lanes_);
}

template <class Real>
void DeskRunner<Real>::finish(const PathRows& rows) {
  for (auto& metric : metrics_) metric->finish(lanes_, rows);
  details_.finish(lanes_, rows);
}

template class DeskRunner<float>;
template class DeskRunner<double>;

}  // namespace quotesweep
