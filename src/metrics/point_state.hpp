#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "metrics/moments.hpp"
#include "metrics/path_metric.hpp"
#include "metrics/quantile_sketch.hpp"

namespace quotesweep {

/// Sums over paths. A plain record of doubles.
struct PathSums {
  double paths = 0.0;
  double clamped_fills = 0.0;
  double negative_prices = 0.0;     // steps
  double losing_paths = 0.0;        // with a pnl below the target
  double pnl_downside_cross = 0.0;  // sum of (pnl - mean)(downside_square - mean)
  std::array<Moments, moment_count> moments{};
};

/// Everything that is kept of a point's paths: enough to merge more paths in and to derive every
/// result. It travels and is stored as a row of doubles: sums, details, sketches.
struct PointState : PathSums {
  std::vector<QuantileSketch> sketches;  // one per sketched quantity that is kept, or none
  std::vector<Moments> details;          // one per detail, or none

  const Moments& operator[](PathQuantity quantity) const {
    const auto i = static_cast<std::size_t>(quantity);
    return i < moment_count ? moments[i] : details[i - basic_count];
  }
  void merge(const PointState& next);
};

/// Number of sketched quantities that are kept, where any are, from the first on.
constexpr std::size_t sketch_count(Detail detail) {
  return detail == Detail::full ? sketched_quantities.size() : basic_sketch_count;
}

/// Number of doubles of a state with what these terms keep.
std::size_t state_width(const MetricTerms& terms);

/// Names of the doubles of a state, in order.
std::vector<std::string> state_columns(const MetricTerms& terms);

/// The state of `paths` paths whose quantities start at `rows`.
PointState summarise_paths(const PathRows& rows, std::size_t paths, const MetricTerms& terms);

/// A state from its doubles; their number tells whether there are details and sketches.
PointState read_state(std::span<const double> doubles);
void write_state(const PointState& state, std::span<double> doubles);

}  // namespace quotesweep
