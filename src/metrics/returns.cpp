#include "metrics/returns.hpp"

#include <cmath>
#include <limits>
#include <type_traits>

#include "base/error.hpp"

namespace quotesweep {

std::int64_t steps_per_interval(const MetricTerms& terms, const PriceProcess& process) {
  if (terms.clock == 0.0) return 1;
  const double ratio = terms.clock / process.dt;
  const double steps = std::floor(ratio + 0.5);
  const std::int64_t horizon = step_count(process);
  if (!(steps >= 1.0 && steps <= static_cast<double>(horizon)) ||
      std::abs(ratio - steps) > 1e-9 * steps || horizon % static_cast<std::int64_t>(steps) != 0)
    throw Error(
        "metrics.clock = {} (must be a whole number of steps market.dt = {}, and market.T = {} a "
        "whole number of clocks); choose clock = m dt with m a divisor of T/dt = {}",
        terms.clock, process.dt, process.horizon, horizon);
  return static_cast<std::int64_t>(steps);
}

template <class Real>
Returns<Real>::Returns(const MetricTerms& terms, const PriceProcess& process, double capital)
    : steps_per_interval_(steps_per_interval(terms, process)),
      intervals_(static_cast<double>(step_count(process) / steps_per_interval_)),
      target_(terms.target),
      capital_(capital),
      lane_target_(static_cast<Real>(target_)) {}

template <class Real>
void Returns<Real>::begin(const Lanes<Real>&) {
  steps_into_interval_ = 0;
  clear(interval_, squares_, downside_squares_, squares_settled_, downside_squares_settled_);
}

template <class Real>
void Returns<Real>::observe(const Quotes<Real>&, const Lanes<Real>& lanes) {
  if (steps_per_interval_ == 1) return add(lanes.equity_change);
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) interval_[lane] += lanes.equity_change[lane];
  if (++steps_into_interval_ < steps_per_interval_) return;
  add(interval_);
  interval_ = {};
  steps_into_interval_ = 0;
}

template <class Real>
void Returns<Real>::add(const LaneArray<Real>& increments) {
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) observe(lane, increments[lane]);
}

template <class Real>
void Returns<Real>::settle(const Lanes<Real>&) {
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    squares_settled_[lane] += static_cast<double>(squares_[lane]);
    downside_squares_settled_[lane] += static_cast<double>(downside_squares_[lane]);
    squares_[lane] = downside_squares_[lane] = Real(0);
  }
}

template <class Real>
void Returns<Real>::finish(const Lanes<Real>& lanes, const PathRows& rows) {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  // Below this share of the raw squares a variance is rounding: the increments are constant.
  constexpr double resolution = std::is_same_v<Real, float> ? 1e-5 : 1e-13;
  double *pnls = rows[PathQuantity::pnl], *shortfalls = rows[PathQuantity::downside_square];
  double *sharpes = rows[PathQuantity::path_sharpe], *sortinos = rows[PathQuantity::path_sortino];
  const double n = intervals_, target = target_, capital = capital_;
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const double pnl = lanes.ledger[lane] - capital;
    const double mean = pnl / n, loss = pnl - target * n;
    const double squares = squares_settled_[lane], downside = downside_squares_settled_[lane];
    const double deviations = squares - n * mean * mean;
    const double sharpe = mean / std::sqrt(deviations / (n - 1.0));
    const double sortino = (mean - target) / std::sqrt(downside / n);
    const bool varies = (n > 1.0) & (deviations > resolution * squares);
    pnls[lane] = pnl;
    shortfalls[lane] = loss < 0.0 ? loss * loss : 0.0;
    sharpes[lane] = varies ? sharpe : undefined;
    sortinos[lane] = downside > 0.0 ? sortino : undefined;
  }
}

template class Returns<float>;
template class Returns<double>;

}  // namespace quotesweep
