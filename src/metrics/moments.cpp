#include "metrics/moments.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/elementary.hpp"

namespace quotesweep {
namespace {

constexpr std::size_t stripes = 16;
constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

using Partial = std::array<double, stripes>;

double sum(const Partial& partial) {
  double total = 0.0;
  for (const double part : partial) total += part;
  return total;
}

/// Calls add(i, stripe) for i in [0, n).
template <class Add>
[[gnu::always_inline]] inline void each_striped(std::size_t n, Add add) {
  std::size_t i = 0;
  for (; i + stripes <= n; i += stripes)
#pragma omp simd
    for (std::size_t j = 0; j < stripes; ++j) add(i + j, j);
  for (std::size_t j = 0; i + j < n; ++j) add(i + j, j);
}

/// Sum of term(i) for i in [0, n) in the fixed order.
template <class Term>
double striped_sum(std::size_t n, Term term) {
  Partial partial{};
  each_striped(n, [&](std::size_t i, std::size_t j) { partial[j] += term(i); });
  return sum(partial);
}

}  // namespace

void Moments::merge(const Moments& next) {
  if (next.count == 0.0) return;
  if (count == 0.0) {
    *this = next;
    return;
  }
  const double na = count, nb = next.count, n = na + nb;
  const double d = next.mean - mean, d2 = d * d;
  const double fourth = m4 + next.m4 +
                        d2 * d2 * na * nb * (na * na - na * nb + nb * nb) / (n * n * n) +
                        6.0 * d2 * (na * na * next.m2 + nb * nb * m2) / (n * n) +
                        4.0 * d * (na * next.m3 - nb * m3) / n;
  const double third = m3 + next.m3 + d2 * d * na * nb * (na - nb) / (n * n) +
                       3.0 * d * (na * next.m2 - nb * m2) / n;
  m4 = fourth;
  m3 = third;
  m2 = m2 + next.m2 + d2 * na * nb / n;
  mean = mean + d * nb / n;
  count = n;
}

double Moments::variance() const {
  return count > 1.0 ? m2 / (count - 1.0) : undefined;
}

double Moments::standard_error() const {
  return std::sqrt(variance() / count);
}

double Moments::skewness() const {
  const double v = m2 / count;
  return v > 0.0 ? m3 / count / (v * std::sqrt(v)) : undefined;
}

double Moments::kurtosis() const {
  const double v = m2 / count;
  return v > 0.0 ? m4 / count / (v * v) : undefined;
}

bool Moments::tells_error() const {
  return m2 == 0.0 || count >= least_events * std::max(1.0, kurtosis() - 1.0);
}

Moments summarise(std::span<const double> values) {
  const double* x = values.data();
  const std::size_t n = values.size();
  Moments result;
  Partial defined{}, total{}, sizes{};
  each_striped(n, [&](std::size_t i, std::size_t j) {
    const double value = elementary::kept_if(x[i] == x[i], x[i]);
    defined[j] += elementary::one_if<double>(x[i] == x[i]);
    total[j] += value;
    sizes[j] += std::abs(value);
  });
  result.count = sum(defined);
  if (result.count == 0.0 || sum(sizes) == 0.0) return result;  // nothing, or nothing but zeros
  result.mean = sum(total) / result.count;
  const double mean = result.mean;
  Partial second{}, third{}, fourth{};
  each_striped(n, [&](std::size_t i, std::size_t j) {
    const double value = x[i];
    const double d = value == value ? value - mean : 0.0, square = d * d;
    second[j] += square;
    third[j] += square * d;
    fourth[j] += square * square;
  });
  result.m2 = sum(second);
  result.m3 = sum(third);
  result.m4 = sum(fourth);
  return result;
}

double cross_sum(std::span<const double> x, double mean_x, std::span<const double> y,
                 double mean_y) {
  const double *px = x.data(), *py = y.data();
  return striped_sum(x.size(), [=](std::size_t i) { return (px[i] - mean_x) * (py[i] - mean_y); });
}

}  // namespace quotesweep
