#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "market/market_path.hpp"
#include "market/signal_step.hpp"
#include "signal/pair_signal.hpp"
#include "signal/signal_terms.hpp"

namespace quotesweep {

/// Signals of `lane_count` paths of a market, a chunk of steps at a time, from prices up to and
/// including the step's own; shared by all points with this market and these settings.
///
/// EWMA: v_0 = sigma^2, v_{i+1} = (1 - alpha) v_i + alpha (S_{i+1} - S_i)^2 / dt. Realised: the
/// mean of (S_{j+1} - S_j)^2 / dt over the window, sigma^2 standing for what lies before the start.
/// Both are at least the floor squared. The smoothed imbalance is s times its last value plus 1 - s
/// times the book's.
template <class Real>
class SignalStream {
 public:
  SignalStream(const MarketTerms& market, const SignalTerms& terms, const SignalNeeds& needs,
               int capacity, int lanes = lane_count);

  /// Back to the start, for other paths.
  void begin();
  void advance(const MarketPath<Real>& path, int steps);
  SignalStep<Real> step(int i) const;

  /// Of all steps made so far.
  const PairTime& pair_time() const { return pair_time_; }

 private:
  using Arrays = std::unique_ptr<LaneArray<Real>[]>;

  void observe_move(const Real* move);
  void observe_pair(const MarketStep<Real>& market, std::size_t i);

  SignalTerms terms_;
  SignalNeeds needs_;
  double per_dt_, lowest_, sigma_;
  Arrays variance_, wild_, imbalance_, pair_signal_, pair_direction_, pair_hedge_;
  LaneArray<double> estimate_{};          // of the variance before its floor
  std::vector<LaneArray<Real>> squares_;  // the window, a ring
  std::size_t oldest_ = 0;
  LaneArray<Real> smoothed_{};
  std::unique_ptr<PairSignal<Real>> pair_;
  std::unique_ptr<LaneList[]> pair_turned_;
  LaneArray<Real> direction_{};  // in the step before
  PairTime pair_time_;
  std::int64_t break_step_;  // from which on the pair is broken
  std::int64_t next_step_ = 0;
};

extern template class SignalStream<float>;
extern template class SignalStream<double>;

}  // namespace quotesweep
