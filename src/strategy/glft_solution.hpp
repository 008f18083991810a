#pragma once

#include <cstdint>
#include <vector>

#include "market/fill_model.hpp"
#include "market/price_process.hpp"

namespace quotesweep {

/// Optimal quotes of Gueant, Lehalle and Fernandez-Tapia, "Dealing with the inventory risk",
/// Mathematics and Financial Economics 7 (2013), arXiv:1105.3115: exponential utility, inventory
/// bounded by +-Q.
///
/// The bid at inventory q stands (1/k) ln(v_q / v_{q+1}) + (1/gamma) ln(1 + gamma/k) from the mid,
/// where v' = M v backwards from v(T) = 1, M tridiagonal with alpha q^2 on the diagonal and -eta
/// beside it. v is even in q, so that the ask at q is the bid at -q and half of v suffices. Its
/// components span dozens of orders of magnitude; everything here works on sums of positive numbers
/// or on ratios of neighbours, which keep full relative precision where an eigensolver loses it.
struct GlftModel {
  double alpha;            // k gamma sigma^2 / 2 [1 / time]
  double eta;              // A (1 + gamma/k)^-(1 + k/gamma) [1 / time]
  double decay;            // k [1 / price]
  double arrival_term;     // (1/gamma) ln(1 + gamma/k) [price]
  double asymptotic_skew;  // of the closed form, per unit of inventory [price]
  std::int64_t limit;      // Q [units]
};

GlftModel glft_model(double gamma, const PriceProcess& process, const FillModel& fills,
                     std::int64_t limit);

/// ln(v_q / v_{q+1}) for q = 0 ... Q-1 far from the horizon, where v tends to the eigenvector of
/// M's smallest eigenvalue (the paper's theorem 2). Cost O(Q).
std::vector<double> asymptotic_log_ratios(const GlftModel& model);

/// v(t) for the finite horizon (the paper's theorem 1), stepping away from T.
class GlftHorizon {
 public:
  /// At the horizon: v = 1.
  explicit GlftHorizon(const GlftModel& model);

  /// Moves `dt` further from the horizon: v becomes exp(-M dt) v, up to a common factor. The
  /// exponential is a series of positive terms, in pieces short enough for it to converge fast.
  void advance(double dt);

  /// ln(v_q / v_{q+1}) for q = 0 ... count - 1 (count <= Q).
  std::vector<double> log_ratios(std::int64_t count) const;

 private:
  void advance_piece(double dt);
  void rescale();
  double largest_rate() const;

  GlftModel model_;
  std::vector<double> mantissa_;  // v_q = mantissa_q 2^exponent_q, q = 0 ... Q
  std::vector<int> exponent_;
  std::vector<double> inner_, outer_;  // eta times the power of two between neighbours
};

/// Number of multiplications that GlftHorizon needs for `steps` steps of `dt`, about.
double glft_horizon_cost(const GlftModel& model, double dt, std::int64_t steps);

}  // namespace quotesweep
