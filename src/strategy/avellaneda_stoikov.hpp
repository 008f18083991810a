#pragma once

#include "strategy/strategy.hpp"

namespace quotesweep {

/// Quantities of Avellaneda and Stoikov, "High-frequency trading in a limit order book",
/// Quantitative Finance 8 (2008), equations 29 and 30.
struct OptimalSpread {
  double variance_aversion = 0.0;  // gamma sigma^2 [price / time]
  double arrival_term = 0.0;       // (1/gamma) ln(1 + gamma/k) [price]
  double gamma = 0.0;              // [1 / price]

  /// Shift of the reservation price per unit of inventory, c = gamma sigma^2 tau [price].
  double skew(double time_left) const { return variance_aversion * time_left; }
  /// h = c/2 + (1/gamma) ln(1 + gamma/k) [price].
  double half_spread(double time_left) const { return 0.5 * skew(time_left) + arrival_term; }
};

OptimalSpread optimal_spread(double gamma, const PriceProcess& process, const FillModel& fills);

/// Quotes around the reservation price: bid distance h + q c, ask distance h - q c.
template <class Real>
class AvellanedaStoikov final : public Strategy<Real> {
 public:
  explicit AvellanedaStoikov(const OptimalSpread& spread) : spread_(spread) {}
  void quote(double time_left, const Lanes<Real>& lanes, Quotes<Real>& quotes) override;
  void quote_with(const Real* variance, double time_left, const Lanes<Real>& lanes,
                  Quotes<Real>& quotes) override;
  bool lines(std::span<const double> times_left, std::span<QuoteLine> lines) const override {
    for (std::size_t i = 0; i < lines.size(); ++i)
      lines[i] = {spread_.half_spread(times_left[i]), spread_.skew(times_left[i])};
    return true;
  }
  bool lines_with(std::span<const double> times_left, std::span<QuoteLine> lines,
                  std::span<QuoteLine> per_variance) const override {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const double aversion = spread_.gamma * times_left[i];
      lines[i] = {spread_.arrival_term};
      per_variance[i] = {0.5 * aversion, aversion};
    }
    return true;
  }

 private:
  OptimalSpread spread_;
};

extern template class AvellanedaStoikov<float>;
extern template class AvellanedaStoikov<double>;

}  // namespace quotesweep
