#include "sim/point_runner.hpp"

namespace quotesweep {

template <class Real>
PointRunner<Real>::PointRunner(const PointInput& point)
    : account_(point.scenario.market, point.scenario.fills, point.scenario.account),
      maker_(point),
      metrics_(make_path_metrics<Real>(point.scenario.metrics, point.scenario.market,
                                       point.scenario.fills, point.scenario.account)) {}

template <class Real>
void PointRunner<Real>::begin() {
  next_step_ = 0;
  account_.open(lanes_);
  for (auto& metric : metrics_) metric->begin(lanes_);
}

template <class Real>
void PointRunner<Real>::advance(const DrawStream<Real>& stream, int steps) {
  for (int i = 0; i < steps; ++i, ++next_step_) {
    maker_.quote(next_step_, lanes_, quotes_);
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
