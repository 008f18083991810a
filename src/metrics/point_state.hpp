#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "metrics/moments.hpp"
#include "metrics/path_metric.hpp"

namespace quotesweep {

/// Everything that is kept of a point's paths: enough to merge more paths in and to derive every
/// result. A plain record of doubles, so that it travels and is stored as it is.
struct PointState {
  double paths = 0.0;
  double clamped_fills = 0.0;
  double pnl_downside_cross = 0.0;  // sum of (pnl - mean)(downside_square - mean)
  std::array<Moments, moment_count> moments{};

  const Moments& operator[](PathQuantity quantity) const {
    return moments[static_cast<std::size_t>(quantity)];
  }
  void merge(const PointState& next);
};

inline constexpr std::size_t state_width = sizeof(PointState) / sizeof(double);

/// Names of the doubles of a PointState, in order.
std::vector<std::string> state_columns();

/// The state of `paths` paths whose quantities start at `rows`.
PointState summarise_paths(const PathRows& rows, std::size_t paths);

PointState read_state(std::span<const double> doubles);
void write_state(const PointState& state, std::span<double> doubles);

}  // namespace quotesweep
