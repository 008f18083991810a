#include "metrics/tail_results.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include <fmt/format.h>

namespace quotesweep {
namespace {

constexpr double probabilities[] = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};
constexpr double shortfalls[] = {0.01, 0.05};  // shares of the worst paths
constexpr double quartiles[] = {0.25, 0.5, 0.75};

std::span<const double> probabilities_of(Shape shape) {
  return shape == Shape::tails ? std::span<const double>(probabilities) : quartiles;
}

/// The number of a ratio on its scale; see sketch_of. NaN is no ratio, and stays none.
inline double scaled(double x) {
  // The bits of 1 + |x| = 2^e (1 + m), less those of 1, are (e + m) 2^52.
  const auto bits =
      std::bit_cast<std::int64_t>(1.0 + std::abs(x)) - std::bit_cast<std::int64_t>(1.0);
  const double size = 0x1p-52 * static_cast<double>(bits);
  return std::abs(x) < std::numeric_limits<double>::infinity() ? std::copysign(size, x) : x;
}

/// The ratio of a number on the scale.
double unscaled(double y) {
  if (!std::isfinite(y)) return y;
  const double octave = std::floor(std::abs(y));
  const double size = std::ldexp(1.0 + (std::abs(y) - octave), static_cast<int>(octave));
  return std::copysign(size - 1.0, y);
}

double from_scale(Shape shape, double y) {
  return shape == Shape::tails ? y : unscaled(y);
}

constexpr double normal_quantile = 1.959963984540054;  // 97.5 %

/// By how much errors that rest on so many paths are widened: as the standard deviation of
/// Student's t is.
double widening(double paths) {
  return std::sqrt(paths / (paths - 2.0));
}

/// The percentile that bounds the worst share of paths.
int percent(double share, Better better) {
  const auto low = static_cast<int>(std::lround(100.0 * share));
  return better == Better::lower ? 100 - low : low;
}

/// The same values with their sign changed, but for the edges of bins.
QuantileSketch mirrored(const QuantileSketch& sketch) {
  QuantileSketch mirror = sketch;
  std::reverse(mirror.counts.begin(), mirror.counts.end());
  mirror.first = -(sketch.first + static_cast<double>(QuantileSketch::bin_count));
  return mirror;
}

Estimate quantile(const QuantileSketch& sketch, Shape shape, double p) {
  const auto at = [&](double share) { return from_scale(shape, sketch.quantile(share)); };
  Estimate found{at(p)};
  const double count = sketch.count(), in_tail = count * std::min(p, 1.0 - p);
  if (in_tail < least_events) return found;
  const double step = normal_quantile * std::sqrt(p * (1.0 - p) / count);
  found.standard_error =
      widening(in_tail) * (at(p + step) - at(p - step)) / (2.0 * normal_quantile);
  return found;
}

/// By how much a quantile may differ from that of the values themselves.
double quantile_error(const QuantileSketch& sketch, Shape shape) {
  if (shape == Shape::tails) return sketch.width();
  double worst = 0.0;
  for (const double p : quartiles)
    for (const double side : {-1.0, 1.0}) {
      const double y = sketch.quantile(p);
      worst = std::max(worst, std::abs(unscaled(y + side * sketch.width()) - unscaled(y)));
    }
  return worst;
}

/// Mean of the lowest share p of the values.
Estimate shortfall(const QuantileSketch& sketch, double count, double p) {
  if (!(count > 0.0)) return {};
  const double edge = sketch.quantile(p);
  const auto tail = sketch.below(p, edge);
  Estimate found{tail.mean};
  if (count * p < least_events) return found;
  const double distance = edge - tail.mean;
  const double variance = tail.spread - distance * distance + (1.0 - p) * distance * distance;
  found.standard_error = widening(count * p) * std::sqrt(std::max(0.0, variance) / (count * p));
  return found;
}

}  // namespace

QuantileSketch sketch_of(Shape shape, std::span<const double> values) {
  if (shape == Shape::tails) return sketch(values);
  std::vector<double> numbers(values.size());
  double* to = numbers.data();
  const double* from = values.data();
#pragma omp simd
  for (std::size_t i = 0; i < values.size(); ++i) to[i] = scaled(from[i]);
  return sketch(numbers);
}

void add_tail_definitions(const SketchedQuantity& sketched, std::vector<ResultDefinition>& all) {
  using Kind = ResultDefinition::Kind;
  const auto& metric = definition_of(sketched.quantity);
  const std::string name(metric.name), unit(metric.unit), definition(metric.definition);
  const char* better = metric.better == Better::higher ? "higher" : "lower";
  const auto add = [&](const std::string& result, const std::string& what) {
    all.push_back({result, unit, what + " of: " + definition, Kind::real, better});
    all.push_back(
        {result + "_se", unit,
         fmt::format("standard error of the {} of: {}; NaN where fewer than {:g} paths are "
                     "expected in the tail",
                     what, definition, least_events),
         Kind::real, ""});
  };
  for (const double p : probabilities_of(sketched.shape)) {
    const auto number = static_cast<int>(std::lround(100.0 * p));
    add(fmt::format("{}_q{:02d}", name, number), fmt::format("{} % quantile over paths", number));
  }
  if (sketched.shape == Shape::tails)
    for (const double share : shortfalls)
      add(fmt::format("{}_es{:02d}", name, percent(share, metric.better)),
          fmt::format("expected shortfall, the mean of the {} {:g} % of paths,",
                      metric.better == Better::lower ? "highest" : "lowest", 100.0 * share));
  all.push_back({name + "_sketch_error", unit,
                 "largest error of its quantiles (and expected shortfalls) against those of the "
                 "simulated paths themselves: the bin width of a histogram of 129 to 256 bins",
                 Kind::real, ""});
}

void add_tail_results(const QuantileSketch& sketch, const SketchedQuantity& sketched,
                      std::vector<double>& results) {
  const double count = sketch.count();
  const auto add = [&](const Estimate& estimate, double sign) {
    results.push_back(sign * estimate.value);
    results.push_back(estimate.standard_error);
  };
  for (const double p : probabilities_of(sketched.shape))
    add(quantile(sketch, sketched.shape, p), 1.0);
  if (sketched.shape == Shape::tails)
    for (const double share : shortfalls) {
      if (definition_of(sketched.quantity).better == Better::lower)
        add(shortfall(mirrored(sketch), count, share), -1.0);
      else
        add(shortfall(sketch, count, share), 1.0);
    }
  results.push_back(count > 0.0 ? quantile_error(sketch, sketched.shape) : Estimate{}.value);
}

}  // namespace quotesweep
