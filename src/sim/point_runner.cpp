#include "sim/point_runner.hpp"

#include "risk/inventory_limit.hpp"

namespace quotesweep {

template <class Real>
PointRunner<Real>::PointRunner(const Scenario& scenario)
    : horizon_(scenario.market.horizon),
      dt_(scenario.market.dt),
      account_(scenario.market, scenario.fills, scenario.account),
      strategy_(make_strategy<Real>(scenario.strategy, scenario.market, scenario.fills)),
      metrics_(make_path_metrics<Real>(scenario.metrics, scenario.market, scenario.fills,
                                       scenario.account)) {
  rules_.push_back(std::make_unique<InventoryLimit<Real>>(scenario.risk));
}

template <class Real>
void PointRunner<Real>::begin() {
  next_step_ = 0;
  account_.open(lanes_);
  for (auto& metric : metrics_) metric->begin(lanes_);
}

template <class Real>
void PointRunner<Real>::advance(const DrawStream<Real>& stream, int steps) {
  for (int i = 0; i < steps; ++i, ++next_step_) {
    strategy_->quote(horizon_ - static_cast<double>(next_step_) * dt_, lanes_, quotes_);
    for (auto& rule : rules_) rule->restrict_quotes(lanes_, quotes_);
    account_.step(stream.step(i), quotes_, lanes_);
    for (auto& metric : metrics_) metric->observe(quotes_, lanes_);
  }
  for (auto& metric : metrics_) metric->settle(lanes_);
  account_.settle(lanes_);
}

template <class Real>
void PointRunner<Real>::finish(const PathRows& rows) {
  for (auto& metric : metrics_) metric->finish(lanes_, rows);
}

template class PointRunner<float>;
template class PointRunner<double>;

}  // namespace quotesweep
