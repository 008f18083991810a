#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "metrics/path_metric.hpp"
#include "sim/market_maker.hpp"

namespace quotesweep {

/// One point on one block of lanes: the market maker, its account and what is measured of it.
template <class Real>
class PointRunner {
 public:
  explicit PointRunner(const PointInput& point);

  /// Measures something more; before `begin`.
  void add(std::unique_ptr<PathMetric<Real>> metric) { metrics_.push_back(std::move(metric)); }

  /// Back to the start, with an open account.
  void begin();

  /// Advances `steps` steps with the draws of `stream`'s current chunk and settles.
  void advance(const DrawStream<Real>& stream, int steps);

  /// Writes `lane_count` numbers to each row.
  void finish(const PathRows& rows);

 private:
  std::int64_t next_step_ = 0;
  Account<Real> account_;
  MarketMaker<Real> maker_;
  std::vector<std::unique_ptr<PathMetric<Real>>> metrics_;
  Lanes<Real> lanes_{};
  Quotes<Real> quotes_{};
};

extern template class PointRunner<float>;
extern template class PointRunner<double>;

}  // namespace quotesweep
