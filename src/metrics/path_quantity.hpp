#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace quotesweep {

/// Numbers that one path leaves behind. The first `metric_count` are the metrics that users always
/// see; three more are needed to derive results; the rest are the details of a complete market
/// maker.
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
  negative_prices,
  pnl_spread,
  pnl_fees,
  pnl_inventory,
  pnl_bias,
  pnl_pair,
  pnl_liquidation,
  realized_pnl,
  unrealized_pnl,
  total_return,
  calmar,
  pnl_per_trade,
  round_trips,
  win_rate,
  fill_win_rate,
  holding_time,
  inventory_turnover,
  time_at_limit,
  orders,
  stops,
  stops_drawdown,
  stops_var,
  stops_kill,
  stop_time,
  time_out,
  pair_time,
  pair_time_after_break,
};

inline constexpr int metric_count = 9;
inline constexpr int moment_count = 10;  // quantities whose moments are kept
inline constexpr int basic_count = 12;   // without the details
inline constexpr int detail_count = 26;
inline constexpr int quantity_count = basic_count + detail_count;

/// The details, in the order of PathQuantity.
constexpr PathQuantity detail(int i) {
  return static_cast<PathQuantity>(basic_count + i);
}
static_assert(detail(detail_count - 1) == PathQuantity::pair_time_after_break);

/// What is kept of a distribution over paths.
enum class Shape {
  tails,     // quantiles from 1 to 99 % and expected shortfalls
  quartiles  // of a ratio, which may have no mean
};

/// A quantity whose distribution over paths is sketched, where quantiles are kept.
struct SketchedQuantity {
  PathQuantity quantity;
  Shape shape;
};

/// The first `basic_sketch_count` are always there; the rest are details.
inline constexpr std::array sketched_quantities{
    SketchedQuantity{PathQuantity::pnl, Shape::tails},
    SketchedQuantity{PathQuantity::max_drawdown, Shape::tails},
    SketchedQuantity{PathQuantity::path_sharpe, Shape::quartiles},
    SketchedQuantity{PathQuantity::path_sortino, Shape::quartiles},
    SketchedQuantity{PathQuantity::calmar, Shape::quartiles}};
inline constexpr std::size_t basic_sketch_count = 4;

/// Whether a quantity is a ratio whose denominator may be as small as one likes, so that its mean
/// may not exist.
constexpr bool may_lack_mean(PathQuantity quantity) {
  for (const auto& sketched : sketched_quantities)
    if (sketched.quantity == quantity) return sketched.shape == Shape::quartiles;
  return false;
}

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
/// Definitions of the details, in the order of PathQuantity.
const std::array<MetricDefinition, detail_count>& detail_definitions();

/// Of a metric or a detail.
inline const MetricDefinition& definition_of(PathQuantity metric) {
  const auto i = static_cast<std::size_t>(metric);
  return i < metric_count ? metric_definitions()[i] : detail_definitions()[i - basic_count];
}

/// Of any quantity.
std::string_view name_of(PathQuantity quantity);

/// How often its unit has money or units of what is traded in it: 0, 1, or 2 of a square.
int powers_of_lot(PathQuantity quantity);

}  // namespace quotesweep
