#include "metrics/tail_results.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace quotesweep {
namespace {

constexpr double probabilities[] = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};
constexpr double shortfalls[] = {0.01, 0.05};  // shares of the worst paths
constexpr double least_in_tail = 5.0;          // paths

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

Estimate quantile(const QuantileSketch& sketch, double count, double p) {
  Estimate found{sketch.quantile(p)};
  if (count * std::min(p, 1.0 - p) < least_in_tail) return found;
  const double step = std::sqrt(p * (1.0 - p) / count);
  found.standard_error = 0.5 * (sketch.quantile(p + step) - sketch.quantile(p - step));
  return found;
}

/// Mean of the lowest share p of the values.
Estimate shortfall(const QuantileSketch& sketch, double count, double p) {
  if (!(count > 0.0)) return {};
  const double edge = sketch.quantile(p);
  const auto tail = sketch.below(p, edge);
  Estimate found{tail.mean};
  if (count * p < least_in_tail) return found;
  const double distance = edge - tail.mean;
  const double variance = tail.spread - distance * distance + (1.0 - p) * distance * distance;
  found.standard_error = std::sqrt(std::max(0.0, variance) / (count * p));
  return found;
}

}  // namespace

void add_tail_definitions(const MetricDefinition& metric, std::vector<ResultDefinition>& all) {
  using Kind = ResultDefinition::Kind;
  const std::string name(metric.name), unit(metric.unit), definition(metric.definition);
  const char* better = metric.better == Better::higher ? "higher" : "lower";
  const auto add = [&](const std::string& result, const std::string& what) {
    all.push_back({result, unit, what + " of: " + definition, Kind::real, better});
    all.push_back({result + "_se", unit, "standard error of the " + what + " of: " + definition,
                   Kind::real, ""});
  };
  for (const double p : probabilities) {
    const auto number = static_cast<int>(std::lround(100.0 * p));
    add(fmt::format("{}_q{:02d}", name, number), fmt::format("{} % quantile over paths", number));
  }
  for (const double share : shortfalls)
    add(fmt::format("{}_es{:02d}", name, percent(share, metric.better)),
        fmt::format("expected shortfall, the mean of the {} {:g} % of paths,",
                    metric.better == Better::lower ? "highest" : "lowest", 100.0 * share));
  all.push_back({name + "_sketch_error", unit,
                 "largest error of the quantiles and expected shortfalls against those of the "
                 "simulated paths themselves: the bin width of a histogram of 129 to 256 bins",
                 Kind::real, ""});
}

void add_tail_results(const QuantileSketch& sketch, Better better, std::vector<double>& results) {
  const double count = sketch.count();
  const auto add = [&](const Estimate& estimate, double sign) {
    results.push_back(sign * estimate.value);
    results.push_back(estimate.standard_error);
  };
  for (const double p : probabilities) add(quantile(sketch, count, p), 1.0);
  for (const double share : shortfalls) {
    if (better == Better::lower)
      add(shortfall(mirrored(sketch), count, share), -1.0);
    else
      add(shortfall(sketch, count, share), 1.0);
  }
  results.push_back(count > 0.0 ? sketch.width() : Estimate{}.value);
}

}  // namespace quotesweep
