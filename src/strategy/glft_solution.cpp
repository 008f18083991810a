#include "strategy/glft_solution.hpp"

#include <algorithm>
#include <cmath>

#include "base/elementary.hpp"

namespace quotesweep {
namespace {

/// Longest piece of a step, in units of the inverse largest rate; its series has some 40 terms.
constexpr double longest_piece = 8.0;

/// Whether M - lambda is positive definite on even vectors, by the signs of its pivots from the
/// edge inwards; `pivots[q]`, q = 0 ... Q, are filled as far as they are positive.
bool positive_definite(const GlftModel& model, double lambda, std::vector<double>& pivots) {
  for (std::int64_t q = model.limit; q >= 0; --q) {
    const auto square = static_cast<double>(q) * static_cast<double>(q);
    double pivot = model.alpha * square - lambda;
    if (q < model.limit)
      pivot -=
          (q == 0 ? 2.0 : 1.0) * model.eta * model.eta / pivots[static_cast<std::size_t>(q + 1)];
    pivots[static_cast<std::size_t>(q)] = pivot;
    if (!(pivot > 0.0)) return false;
  }
  return true;
}

}  // namespace

GlftModel glft_model(double gamma, const PriceProcess& process, const FillModel& fills,
                     std::int64_t limit) {
  const double k = fills.decay, variance = process.sigma * process.sigma;
  const double log_ratio = elementary::log1p(gamma / k);
  const double power = elementary::exp((1.0 + k / gamma) * log_ratio);
  return {.alpha = 0.5 * k * gamma * variance,
          .eta = fills.arrival_rate / power,
          .decay = k,
          .arrival_term = log_ratio / gamma,
          .asymptotic_skew = std::sqrt(variance * gamma / (2.0 * k * fills.arrival_rate) * power),
          .limit = limit};
}

std::vector<double> asymptotic_log_ratios(const GlftModel& model) {
  std::vector<double> pivots(static_cast<std::size_t>(model.limit) + 1);
  // The smallest eigenvalue lies between these: definite at the lower end, not at the upper.
  double low = -2.0 * model.eta, high = 0.0;
  for (;;) {
    const double middle = 0.5 * (low + high);
    if (!(middle > low && middle < high)) break;
    (positive_definite(model, middle, pivots) ? low : high) = middle;
  }
  positive_definite(model, low, pivots);
  std::vector<double> ratios(static_cast<std::size_t>(model.limit));
  for (std::size_t q = 0; q < ratios.size(); ++q)
    ratios[q] = elementary::log(pivots[q + 1] / model.eta);
  return ratios;
}

GlftHorizon::GlftHorizon(const GlftModel& model)
    : model_(model),
      mantissa_(static_cast<std::size_t>(model.limit) + 1, 1.0),
      exponent_(mantissa_.size(), 0),
      inner_(mantissa_.size(), 0.0),
      outer_(mantissa_.size(), 0.0) {
  rescale();
}

void GlftHorizon::advance(double dt) {
  for (double left = dt; left > 0.0;) {
    const double piece = std::min(left, longest_piece / largest_rate());
    advance_piece(piece);
    rescale();
    left -= piece;
  }
}

/// exp(B dt) v with B = alpha Q^2 - M, whose elements are not negative; the factor exp(-alpha Q^2
/// dt) cancels in ratios. Ends when the terms no longer count in any component.
void GlftHorizon::advance_piece(double dt) {
  const std::size_t size = mantissa_.size();
  const double edge = static_cast<double>(model_.limit);
  std::vector<double> term = mantissa_, next(size);
  for (int order = 1;; ++order) {
    bool counts = false;
    for (std::size_t q = 0; q < size; ++q) {
      const auto inventory = static_cast<double>(q);
      double value = model_.alpha * (edge - inventory) * (edge + inventory) * term[q];
      if (q > 0) value += inner_[q] * term[q - 1];
      if (q + 1 < size) value += outer_[q] * term[q + 1];
      next[q] = value * dt / order;
      mantissa_[q] += next[q];
      counts = counts || next[q] > 0x1p-56 * mantissa_[q];
    }
    std::swap(term, next);
    if (!counts && order > longest_piece) return;
  }
}

/// Brings mantissas back to [1/2, 1), so that nothing can over- or underflow.
void GlftHorizon::rescale() {
  for (std::size_t q = 0; q < mantissa_.size(); ++q) {
    int shift = 0;
    mantissa_[q] = std::frexp(mantissa_[q], &shift);
    exponent_[q] += shift;
  }
  for (std::size_t q = 0; q < mantissa_.size(); ++q) {
    if (q > 0) inner_[q] = std::ldexp(model_.eta, exponent_[q - 1] - exponent_[q]);
    if (q + 1 < mantissa_.size())
      outer_[q] =
          std::ldexp(q == 0 ? 2.0 * model_.eta : model_.eta, exponent_[q + 1] - exponent_[q]);
  }
}

double GlftHorizon::largest_rate() const {
  double largest = 0.0;
  for (std::size_t q = 0; q < mantissa_.size(); ++q)
    largest = std::max(largest, inner_[q] + outer_[q]);
  const auto edge = static_cast<double>(model_.limit);
  return largest + model_.alpha * edge * edge;
}

std::vector<double> GlftHorizon::log_ratios(std::int64_t count) const {
  std::vector<double> ratios;
  for (std::size_t q = 0; q < static_cast<std::size_t>(count); ++q)
    ratios.push_back(elementary::log(mantissa_[q] / mantissa_[q + 1]) +
                     (exponent_[q] - exponent_[q + 1]) * 0x1.62e42fefa39efp-1);
  return ratios;
}

double glft_horizon_cost(const GlftModel& model, double dt, std::int64_t steps) {
  const auto size = static_cast<double>(model.limit) + 1.0;
  // Near the edge v_{q-1} / v_q is about alpha q^2 / eta, so rates there are about alpha Q^2 twice.
  const double rate = 2.0 * model.alpha * size * size + 4.0 * model.eta;
  const double pieces = std::max(1.0, rate * dt / longest_piece);
  return 3.0 * 40.0 * pieces * static_cast<double>(steps) * size;
}

}  // namespace quotesweep
