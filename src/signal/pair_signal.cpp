#include "signal/pair_signal.hpp"

#include <algorithm>
#include <cmath>

#include "signal/mackinnon.hpp"

namespace quotesweep {
namespace {

const PairTerms& checked(const PairTerms& terms) {
  check_pair_terms(terms);
  return terms;
}

}  // namespace

template <class Real>
PairSignal<Real>::PairSignal(const PairTerms& terms, int lanes)
    : terms_(checked(terms)),
      lanes_(lanes),
      critical_(mackinnon_critical(terms.adf_pval_max, 2)),
      traded_(2 * static_cast<std::size_t>(terms.lookback)),
      partner_(traded_.size()) {
  begin();
}

template <class Real>
void PairSignal<Real>::begin() {
  observed_ = 0;
  estimate_ = {};
  per_sd_ = {};
  for (auto* array : {&z_, &signal_, &direction_, &gate_, &hedge_ratio_, &held_hedge_ratio_})
    *array = {};
}

template <class Real>
void PairSignal<Real>::observe(const Real* traded, const Real* partner) {
  remember(traded, partner);
  if (estimate_is_due()) estimate();
  decide(traded, partner);
}

template <class Real>
void PairSignal<Real>::remember(const Real* traded, const Real* partner) {
  const std::int64_t place = observed_ % terms_.lookback;
  for (const std::int64_t row : {place, place + terms_.lookback}) {
    std::copy_n(traded, lane_count, traded_[static_cast<std::size_t>(row)].values);
    std::copy_n(partner, lane_count, partner_[static_cast<std::size_t>(row)].values);
  }
  ++observed_;
}

template <class Real>
bool PairSignal<Real>::estimate_is_due() const {
  const std::int64_t since = observed_ - terms_.lookback;
  return since >= 0 && since % terms_.interval == 0;
}

template <class Real>
void PairSignal<Real>::estimate() {
  const std::int64_t oldest = observed_ % terms_.lookback;
  estimate_cointegration<Real>(
      {traded_.data() + oldest, partner_.data() + oldest, terms_.lookback, lanes_},
      static_cast<int>(terms_.adf_lags), estimate_);
  const double critical = critical_;
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const double sd = estimate_.sd[lane];
    const bool open = sd > 0.0 && estimate_.statistic[lane] <= critical;
    per_sd_[lane] = sd > 0.0 ? 1.0 / sd : 0.0;
    gate_[lane] = open ? Real(1) : Real(0);
    hedge_ratio_[lane] = static_cast<Real>(estimate_.hedge_ratio[lane]);
  }
}

template <class Real>
void PairSignal<Real>::decide(const Real* traded, const Real* partner) {
  const Real enter = static_cast<Real>(terms_.enter), exit = static_cast<Real>(terms_.exit);
  const Real max_bias = static_cast<Real>(terms_.max_bias);
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const double y = static_cast<double>(traded[lane]), x = static_cast<double>(partner[lane]);
    const double residual = (y - estimate_.intercept[lane]) - estimate_.hedge_ratio[lane] * x;
    const Real z = static_cast<Real>(residual * per_sd_[lane]);
    const Real size = z < Real(0) ? -z : z;
    const Real before = direction_[lane], toward = z < Real(0) ? Real(1) : Real(-1);
    const bool open = gate_[lane] > Real(0);
    const bool stays = open && before != Real(0) && size >= exit && !(z * before > Real(0));
    const bool starts = open && size >= enter;
    const Real direction = stays ? before : (starts ? toward : Real(0));
    const Real held = stays ? held_hedge_ratio_[lane] : hedge_ratio_[lane];
    z_[lane] = z;
    direction_[lane] = direction;
    signal_[lane] = direction * (size < max_bias ? size : max_bias);
    held_hedge_ratio_[lane] = direction != Real(0) ? held : Real(0);
  }
}

template class PairSignal<float>;
template class PairSignal<double>;

}  // namespace quotesweep
