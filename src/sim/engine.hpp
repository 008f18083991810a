#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <tuple>
#include <vector>

#include "metrics/point_state.hpp"
#include "sim/desk_tile.hpp"
#include "sim/point_input.hpp"

namespace quotesweep {

/// Floating-point format of the lanes. Sums along a path are double in both.
enum class Precision { single_, double_ };

/// A run of consecutive paths, the unit of reduction.
struct PathRange {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

/// Simulates blocks of paths at several points. Neighbouring points with the same key, horizon in
/// steps and conventions share their random draws, which are then made once, and with equal market
/// and signal settings also prices and signals. An object owns the
/// buffers of one thread, and complete market makers that it has simulated last; results do not
/// depend on what it simulated before.
class Engine {
 public:
  explicit Engine(Precision precision) : precision_(precision) {}

  /// Simulates `paths` at each of `points`; `states[i]` becomes the state of point i.
  void simulate(std::span<const PointInput> points, const PathRange& paths,
                std::span<PointState> states);

 private:
  /// Complete market makers at the points that were simulated last.
  template <class Real>
  struct Desks {
    std::vector<PointInput> points;
    std::optional<DeskTile<Real>> tile;
  };

  template <class Real>
  void simulate_alike(std::span<const PointInput> points, const PathRange& paths,
                      std::span<PointState> states);
  template <class Real>
  void simulate_bare(std::span<const PointInput> points, const PathRange& paths,
                     std::uint64_t padded);
  template <class Real>
  void simulate_desks(std::span<const PointInput> points, const PathRange& paths,
                      std::uint64_t padded);
  template <class Real>
  DeskTile<Real>& tile_of(std::span<const PointInput> points);
  PathRows rows_of(std::size_t point, std::size_t padded_paths);

  Precision precision_;
  std::size_t rows_ = 0;        // quantities of the present points
  std::vector<double> values_;  // [point][quantity][path]
  std::tuple<Desks<float>, Desks<double>> desks_;
};

}  // namespace quotesweep
