#include "metrics/quantile_sketch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace quotesweep {
namespace {

constexpr int lowest_level = -60;
constexpr double largest_number = 0x1p50;  // of a bin, so that doubles hold it exactly
constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

double bin_of(double value, int level) {
  return std::floor(std::ldexp(value, -level));
}

/// The lowest level, from `level` up, at which bins `low` to `high` (numbers at `level`) fit; moves
/// both along.
int fit(int level, double& low, double& high) {
  while (high - low >= static_cast<double>(QuantileSketch::bin_count) || high > largest_number ||
         low < -largest_number) {
    low = std::floor(low / 2.0);
    high = std::floor(high / 2.0);
    ++level;
  }
  return level;
}

/// A level that is surely low enough for values from `low` to `high`, and whose bin numbers are
/// exact.
int level_to_start(double low, double high) {
  const double largest = std::max(std::abs(low), std::abs(high));
  int level = lowest_level;
  if (largest > 0.0) level = std::max(level, std::ilogb(largest) - 51);
  if (high > low)
    level = std::max(level,
                     std::ilogb((high - low) / static_cast<double>(QuantileSketch::bin_count)) - 1);
  return level;
}

double last_bin(const QuantileSketch& sketch) {
  std::size_t last = QuantileSketch::bin_count - 1;
  while (sketch.counts[last] == 0.0) --last;
  return sketch.first + static_cast<double>(last);
}

void add_counts(const QuantileSketch& from, QuantileSketch& to) {
  const double ratio = std::ldexp(1.0, static_cast<int>(from.level - to.level));
  for (std::size_t i = 0; i < from.counts.size(); ++i) {
    if (from.counts[i] == 0.0) continue;
    const double bin = std::floor((from.first + static_cast<double>(i)) * ratio);
    to.counts[static_cast<std::size_t>(bin - to.first)] += from.counts[i];
  }
}

/// A bin seen as a density 1 + slope (t - 1/2) over t in [0, 1).
struct Bin {
  double slope;

  /// The t below which a share u of the bin lies.
  double position(double u) const {
    const double linear = 1.0 - slope / 2.0;
    const double root = std::sqrt(std::max(0.0, linear * linear + 2.0 * slope * u));
    return linear + root > 0.0 ? std::min(1.0, 2.0 * u / (linear + root)) : 0.0;
  }
  /// Integral over [0, t] of the density times t^power.
  double integral(double t, int power) const {
    const double n = power + 1.0;
    double factor = t;
    for (int i = 0; i < power; ++i) factor *= t;
    return factor * ((1.0 - slope / 2.0) / n + slope * t / (n + 1.0));
  }
};

Bin bin_at(const QuantileSketch& sketch, std::size_t i) {
  const double before = i > 0 ? sketch.counts[i - 1] : 0.0;
  const double after = i + 1 < sketch.counts.size() ? sketch.counts[i + 1] : 0.0;
  return {std::clamp((after - before) / (2.0 * sketch.counts[i]), -2.0, 2.0)};
}

}  // namespace

QuantileSketch sketch(std::span<const double> values) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  QuantileSketch result;
  if (!(low <= high)) return result;
  int level = level_to_start(low, high);
  low = bin_of(low, level);
  high = bin_of(high, level);
  level = fit(level, low, high);
  result.level = level;
  result.first = low;
  const double scale = std::ldexp(1.0, -level);
  for (const double value : values)
    if (std::isfinite(value))
      result.counts[static_cast<std::size_t>(std::floor(value * scale) - low)] += 1.0;
  return result;
}

void QuantileSketch::merge(const QuantileSketch& other) {
  if (other.counts[0] == 0.0) return;  // empty: the first bin never is
  if (counts[0] == 0.0) {
    *this = other;
    return;
  }
  const auto common = std::max(level, other.level);
  const auto at_common = [common](const QuantileSketch& s, double bin) {
    return std::floor(std::ldexp(bin, static_cast<int>(s.level - common)));
  };
  double low = std::min(at_common(*this, first), at_common(other, other.first));
  double high = std::max(at_common(*this, last_bin(*this)), at_common(other, last_bin(other)));
  QuantileSketch merged;
  merged.level = fit(static_cast<int>(common), low, high);
  merged.first = low;
  add_counts(*this, merged);
  add_counts(other, merged);
  *this = merged;
}

double QuantileSketch::count() const {
  double total = 0.0;
  for (const double bin : counts) total += bin;
  return total;
}

double QuantileSketch::width() const {
  return std::ldexp(1.0, static_cast<int>(level));
}

double QuantileSketch::quantile(double p) const {
  double left = p * count();
  if (!(left > 0.0)) return undefined;
  std::size_t i = 0;
  for (; i + 1 < counts.size() && left > counts[i]; ++i) left -= counts[i];
  while (counts[i] == 0.0) --i;  // rounding has led past the last value
  const double t = bin_at(*this, i).position(std::min(1.0, left / counts[i]));
  return (first + static_cast<double>(i) + t) * width();
}

QuantileSketch::Tail QuantileSketch::below(double p, double about) const {
  const double all = p * count();
  double left = all, sum = 0.0, squares = 0.0;
  for (std::size_t i = 0; i < counts.size() && left > 0.0; ++i) {
    if (counts[i] == 0.0) continue;
    const Bin bin = bin_at(*this, i);
    const double t = left < counts[i] ? bin.position(left / counts[i]) : 1.0;
    const double edge = (first + static_cast<double>(i)) * width() - about, w = width();
    const double zeroth = counts[i] * bin.integral(t, 0),
                 first_moment = counts[i] * bin.integral(t, 1);
    sum += zeroth * edge + first_moment * w;
    squares += zeroth * edge * edge + 2.0 * first_moment * edge * w +
               counts[i] * bin.integral(t, 2) * w * w;
    left -= counts[i];
  }
  return {about + sum / all, squares / all};
}

}  // namespace quotesweep
