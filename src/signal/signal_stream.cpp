#include "signal/signal_stream.hpp"

#include <cmath>
#include <limits>

namespace quotesweep {

template <class Real>
SignalStream<Real>::SignalStream(const MarketTerms& market, const SignalTerms& terms,
                                 const SignalNeeds& needs, int capacity, int lanes)
    : terms_(terms),
      needs_(needs),
      per_dt_(1.0 / market.process.dt),
      lowest_(terms.volatility_floor * terms.volatility_floor),
      sigma_(traded_sigma(market.process, market.pair)),
      break_step_(market.pair.break_time > 0.0 ? step_at(market.pair.break_time, market.process.dt)
                                               : std::numeric_limits<std::int64_t>::max()) {
  const auto size = static_cast<std::size_t>(capacity);
  const auto make = [size] { return std::make_unique<LaneArray<Real>[]>(size); };
  if (needs.variance) variance_ = make(), wild_ = make();
  if (needs.variance && terms.volatility == Volatility::realized)
    squares_.resize(static_cast<std::size_t>(terms.volatility_window));
  if (needs.imbalance) imbalance_ = make();
  if (needs.pair) {
    pair_ = std::make_unique<PairSignal<Real>>(terms.pair, lanes);
    for (auto* arrays : {&pair_signal_, &pair_direction_, &pair_hedge_}) *arrays = make();
    pair_turned_ = std::make_unique<LaneList[]>(size);
  }
  begin();
}

template <class Real>
void SignalStream<Real>::begin() {
  const double square = sigma_ * sigma_;
  // A sum over a window runs over rounded numbers, so that it is exact when they have all left.
  const double start = squares_.empty() ? square : static_cast<double>(static_cast<Real>(square));
  for (auto& row : squares_)
    for (int lane = 0; lane < lane_count; ++lane) row[lane] = static_cast<Real>(square);
  for (int lane = 0; lane < lane_count; ++lane) estimate_[lane] = start;
  oldest_ = 0;
  smoothed_ = direction_ = {};
  pair_time_ = {};
  next_step_ = 0;
  if (pair_) pair_->begin();
}

template <class Real>
void SignalStream<Real>::advance(const MarketPath<Real>& path, int steps) {
  for (int step = 0; step < steps; ++step, ++next_step_) {
    const auto i = static_cast<std::size_t>(step);
    const auto market = path.step(step);
    if (needs_.variance) {
      auto &variance = variance_[i], &wild = wild_[i];
      const double lowest = lowest_;
      const auto sigma = static_cast<Real>(sigma_);
#pragma omp simd
      for (int lane = 0; lane < lane_count; ++lane) {
        variance[lane] = static_cast<Real>(estimate_[lane] > lowest ? estimate_[lane] : lowest);
        const Real estimate = std::sqrt(variance[lane]);
        wild[lane] = estimate > sigma ? Real(1) - sigma / estimate : Real(0);
      }
      observe_move(market.move);
    }
    if (needs_.imbalance) {
      const auto past = static_cast<Real>(terms_.imbalance_smoothing);
#pragma omp simd
      for (int lane = 0; lane < lane_count; ++lane)
        smoothed_[lane] = past * smoothed_[lane] + (Real(1) - past) * market.imbalance[lane];
      imbalance_[i] = smoothed_;
    }
    if (needs_.pair) observe_pair(market, i);
  }
}

template <class Real>
void SignalStream<Real>::observe_pair(const MarketStep<Real>& market, std::size_t i) {
  pair_->observe(market.walk, market.partner_walk);
  pair_signal_[i] = pair_->signal();
  pair_hedge_[i] = pair_->held_hedge_ratio();
  const auto& direction = pair_direction_[i] = pair_->direction();
  auto& turned = pair_turned_[i];
  turned.clear();
  for (int lane = 0; lane < lane_count; ++lane)
    turned.add_if(direction[lane] != direction_[lane], lane);
  direction_ = direction;
  const double late = next_step_ >= break_step_ ? 1.0 : 0.0;
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const auto active = static_cast<double>(std::abs(direction[lane]));
    pair_time_.active[lane] += active;
    pair_time_.after_break[lane] += late * active;
  }
}

/// What the next step knows of the variance.
template <class Real>
void SignalStream<Real>::observe_move(const Real* move) {
  const double per_dt = per_dt_, alpha = terms_.ewma_alpha;
  if (terms_.volatility == Volatility::ewma) {
#pragma omp simd
    for (int lane = 0; lane < lane_count; ++lane) {
      const double one = static_cast<double>(move[lane]);
      estimate_[lane] = (1.0 - alpha) * estimate_[lane] + alpha * (one * one * per_dt);
    }
    return;
  }
  auto& oldest = squares_[oldest_];
  const double per_window = 1.0 / static_cast<double>(squares_.size());
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const Real square = move[lane] * move[lane] * static_cast<Real>(per_dt);
    estimate_[lane] +=
        (static_cast<double>(square) - static_cast<double>(oldest[lane])) * per_window;
    oldest[lane] = square;
  }
  oldest_ = (oldest_ + 1) % squares_.size();
}

template <class Real>
SignalStep<Real> SignalStream<Real>::step(int step) const {
  const auto i = static_cast<std::size_t>(step);
  const auto at = [i](const Arrays& arrays) { return arrays ? arrays[i].values : nullptr; };
  return {at(variance_),
          at(wild_),
          at(imbalance_),
          at(pair_signal_),
          at(pair_direction_),
          at(pair_hedge_),
          pair_turned_ ? &pair_turned_[i] : nullptr};
}

template class SignalStream<float>;
template class SignalStream<double>;

}  // namespace quotesweep
