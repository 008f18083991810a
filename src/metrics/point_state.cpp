#include "metrics/point_state.hpp"

#include <cstring>
#include <type_traits>

namespace quotesweep {

static_assert(std::is_trivially_copyable_v<PointState>);
static_assert(state_width * sizeof(double) == sizeof(PointState));

void PointState::merge(const PointState& next) {
  if (next.paths == 0.0) return;
  const Moments &pnl = (*this)[PathQuantity::pnl], &next_pnl = next[PathQuantity::pnl];
  const Moments &down = (*this)[PathQuantity::downside_square],
                &next_down = next[PathQuantity::downside_square];
  const double weight = paths * next.paths / (paths + next.paths);
  pnl_downside_cross +=
      next.pnl_downside_cross + (next_pnl.mean - pnl.mean) * (next_down.mean - down.mean) * weight;
  paths += next.paths;
  clamped_fills += next.clamped_fills;
  for (std::size_t i = 0; i < moments.size(); ++i) moments[i].merge(next.moments[i]);
}

std::vector<std::string> state_columns() {
  std::vector<std::string> columns{"paths", "clamped_fills", "pnl_downside_cross"};
  std::vector<std::string> quantities;
  for (const auto& metric : metric_definitions()) quantities.emplace_back(metric.name);
  quantities.emplace_back("downside_square");
  for (const auto& quantity : quantities)
    for (const char* part : {".count", ".mean", ".m2", ".m3", ".m4"})
      columns.push_back(quantity + part);
  return columns;
}

PointState summarise_paths(const PathRows& rows, std::size_t paths) {
  PointState state;
  state.paths = static_cast<double>(paths);
  for (std::size_t i = 0; i < state.moments.size(); ++i)
    state.moments[i] = summarise({rows.rows[i], paths});
  const double* clamped = rows[PathQuantity::clamped_fills];
  for (std::size_t i = 0; i < paths; ++i) state.clamped_fills += clamped[i];
  state.pnl_downside_cross = cross_sum(
      {rows[PathQuantity::pnl], paths}, state[PathQuantity::pnl].mean,
      {rows[PathQuantity::downside_square], paths}, state[PathQuantity::downside_square].mean);
  return state;
}

PointState read_state(std::span<const double> doubles) {
  PointState state;
  std::memcpy(static_cast<void*>(&state), doubles.data(), sizeof state);
  return state;
}

void write_state(const PointState& state, std::span<double> doubles) {
  std::memcpy(doubles.data(), &state, sizeof state);
}

}  // namespace quotesweep
