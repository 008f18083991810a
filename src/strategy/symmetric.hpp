#pragma once

#include "strategy/avellaneda_stoikov.hpp"

namespace quotesweep {

/// Quotes at the optimal half spread on both sides of the mid, whatever the inventory.
template <class Real>
class Symmetric final : public Strategy<Real> {
 public:
  explicit Symmetric(const OptimalSpread& spread) : spread_(spread) {}
  void quote(double time_left, const Lanes<Real>& lanes, Quotes<Real>& quotes) override;
  void quote_with(const Real* variance, double time_left, const Lanes<Real>& lanes,
                  Quotes<Real>& quotes) override;
  bool lines(std::span<const double> times_left, std::span<QuoteLine> lines) const override {
    for (std::size_t i = 0; i < lines.size(); ++i) lines[i] = {spread_.half_spread(times_left[i])};
    return true;
  }
  bool lines_with(std::span<const double> times_left, std::span<QuoteLine> lines,
                  std::span<QuoteLine> per_variance) const override {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      lines[i] = {spread_.arrival_term};
      per_variance[i] = {0.5 * (spread_.gamma * times_left[i])};
    }
    return true;
  }

 private:
  OptimalSpread spread_;
};

/// The optimal spread with its half spread replaced by the mean over the n steps of the horizon
/// (times left dt, 2 dt, ..., T; or always `horizon`, where that is not 0 [time]): the benchmark
/// agent of the paper's tables 1 to 3. It keeps the model's volatility.
OptimalSpread averaged(const OptimalSpread& spread, const PriceProcess& process,
                       double horizon = 0.0);

extern template class Symmetric<float>;
extern template class Symmetric<double>;

}  // namespace quotesweep
