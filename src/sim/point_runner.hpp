#pragma once

#include <memory>
#include <vector>

#include "metrics/path_metric.hpp"
#include "risk/risk_rule.hpp"
#include "sim/scenario.hpp"

namespace quotesweep {

/// One point on one block of lanes: the market maker, its account and what is measured of it.
template <class Real>
class PointRunner {
 public:
  explicit PointRunner(const Scenario& scenario);

  /// Back to the start, with an open account.
  void begin();

  /// Advances `steps` steps with the draws of `stream`'s current chunk and settles.
  void advance(const DrawStream<Real>& stream, int steps);

  /// Writes `lane_count` numbers to each row.
  void finish(const PathRows& rows);

 private:
  double horizon_, dt_;
  std::int64_t next_step_ = 0;
  Account<Real> account_;
  std::unique_ptr<Strategy<Real>> strategy_;
  std::vector<std::unique_ptr<RiskRule<Real>>> rules_;
  std::vector<std::unique_ptr<PathMetric<Real>>> metrics_;
  Lanes<Real> lanes_{};
  Quotes<Real> quotes_{};
};

extern template class PointRunner<float>;
extern template class PointRunner<double>;

}  // namespace quotesweep
