#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace quotesweep {

/// Numbers that one path leaves behind. The first `metric_count` are the metrics that users see;
/// the rest are needed to derive results.
enum class PathQuantity {
  pnl,
  max_drawdown,
  max_drawdown_pct,
  turnover,
  trades,
  path_sharpe,
  path_sortino,
  mean_abs_inventory,
  terminal_inventory,
  downside_square,
  clamped_fills,
};

inline constexpr int metric_count = 9;
inline constexpr int moment_count = 10;    // quantities whose moments are kept
inline constexpr int quantity_count = 11;  // all of them

/// Quantities whose distribution over paths is sketched, where quantiles are kept.
inline constexpr std::array sketched_quantities{PathQuantity::pnl, PathQuantity::max_drawdown};

/// Which end of a metric a user looks for, if either.
enum class Better { higher, lower, neither };

/// How a metric is called and what it means; written into the results file.
struct MetricDefinition {
  std::string_view name;
  std::string_view unit;
  std::string_view definition;
  Better better;
};

/// Definitions of the metrics, in the order of PathQuantity.
const std::array<MetricDefinition, metric_count>& metric_definitions();

inline const MetricDefinition& definition_of(PathQuantity metric) {
  return metric_definitions()[static_cast<std::size_t>(metric)];
}

}  // namespace quotesweep
