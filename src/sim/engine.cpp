#include "sim/engine.hpp"

#include <algorithm>

#include "sim/point_runner.hpp"

namespace quotesweep {
namespace {

bool share_draws(const PointInput& a, const PointInput& b) {
  return draw_spec(a) == draw_spec(b) && needs_desk(a.scenario) == needs_desk(b.scenario) &&
         step_count(a.scenario.market) == step_count(b.scenario.market);
}

/// Steps that are drawn at a time: so many that a runner, once it is in the first cache, does some
/// work, and so few that the draws leave room in the second.
constexpr int drawn_steps = 2 * chunk_steps;

template <class Real>
void run_lanes(std::vector<PointRunner<Real>>& runners, DrawStream<Real>& stream,
               std::int64_t steps) {
  for (auto& runner : runners) runner.begin();
  for (std::int64_t done = 0; done < steps; done += drawn_steps) {
    const int drawn = static_cast<int>(std::min<std::int64_t>(drawn_steps, steps - done));
    stream.advance(drawn);
    for (auto& runner : runners) runner.advance(stream, drawn);
  }
}

PathRows offset(const PathRows& rows, std::uint64_t paths) {
  PathRows moved;
  for (std::size_t i = 0; i < moved.rows.size() && rows.rows[i] != nullptr; ++i)
    moved.rows[i] = rows.rows[i] + paths;
  return moved;
}

}  // namespace

void Engine::simulate(std::span<const PointInput> points, const PathRange& paths,
                      std::span<PointState> states) {
  for (std::size_t first = 0; first < points.size();) {
    std::size_t last = first + 1;
    while (last < points.size() && share_draws(points[first], points[last])) ++last;
    const auto alike = points.subspan(first, last - first);
    const auto out = states.subspan(first, last - first);
    if (precision_ == Precision::single_)
      simulate_alike<float>(alike, paths, out);
    else
      simulate_alike<double>(alike, paths, out);
    first = last;
  }
}

template <class Real>
void Engine::simulate_alike(std::span<const PointInput> points, const PathRange& paths,
                            std::span<PointState> states) {
  const std::uint64_t padded = (paths.count + lane_count - 1) / lane_count * lane_count;
  const bool desk = needs_desk(points[0].scenario);
  rows_ = desk ? quantity_count : basic_count;
  values_.resize(std::max<std::size_t>(values_.size(), points.size() * rows_ * padded));
  for (std::size_t i = 0; i < points.size(); ++i) mark_unwritten(rows_of(i, padded), padded);
  if (desk)
    simulate_desks<Real>(points, paths, padded);
  else
    simulate_bare<Real>(points, paths, padded);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto rows = rows_of(i, padded);
    check_written(rows, padded);
    count_in_units(rows, padded, points[i].lot);
    states[i] = summarise_paths(rows, paths.count, points[i].scenario.metrics);
  }
}

template <class Real>
void Engine::simulate_bare(std::span<const PointInput> points, const PathRange& paths,
                           std::uint64_t padded) {
  std::vector<PointRunner<Real>> runners;
  runners.reserve(points.size());
  for (const auto& point : points) runners.emplace_back(point);
  const auto steps = step_count(points[0].scenario.market);
  DrawStream<Real> stream(draw_spec(points[0]), paths.first, drawn_steps);
  for (std::uint64_t lane_block = 0; lane_block < padded; lane_block += lane_count) {
    stream.begin(paths.first + lane_block);
    run_lanes(runners, stream, steps);
    for (std::size_t i = 0; i < runners.size(); ++i)
      runners[i].finish(offset(rows_of(i, padded), lane_block));
  }
}

/// A new one only where the points are others: to make it, megabytes have to be cleared.
template <class Real>
DeskTile<Real>& Engine::tile_of(std::span<const PointInput> points) {
  auto& [known, tile] = std::get<Desks<Real>>(desks_);
  if (!tile || !std::ranges::equal(known, points)) {
    known.clear();
    tile.emplace(points);
    known.assign(points.begin(), points.end());
  }
  return *tile;
}

template <class Real>
void Engine::simulate_desks(std::span<const PointInput> points, const PathRange& paths,
                            std::uint64_t padded) {
  auto& tile = tile_of<Real>(points);
  for (std::uint64_t lane_block = 0; lane_block < padded; lane_block += lane_count) {
    tile.run_to_rows(paths.first + lane_block,
                     [&](std::size_t i) { return offset(rows_of(i, padded), lane_block); });
  }
}

PathRows Engine::rows_of(std::size_t point, std::size_t padded_paths) {
  PathRows rows;
  for (std::size_t i = 0; i < rows_; ++i)
    rows.rows[i] = values_.data() + (point * rows_ + i) * padded_paths;
  return rows;
}

}  // namespace quotesweep
