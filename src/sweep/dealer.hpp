#pragma once

#include <cstdint>
#include <optional>

#include "sweep/task.hpp"

namespace quotesweep {

/// The work of a sweep: points x blocks, cut into cells of up to `tile_points` neighbouring points
/// by one block. Points of a cell share their random draws, so wide cells are cheap ones.
struct Tiling {
  std::uint64_t points = 1;
  std::uint64_t blocks = 1;
  std::uint64_t tile_points = 64;

  std::uint64_t rows() const { return (points + tile_points - 1) / tile_points; }
  std::uint64_t cells() const { return rows() * blocks; }
};

/// Number of cells for the next task: a share of what remains, large first and shrinking towards
/// the end so that all workers finish together, but at most what takes about `longest` seconds.
/// `cells_per_second` is one worker's rate so far, 0 when unknown (then one cell at a time).
std::uint64_t task_cells(std::uint64_t remaining, std::uint64_t workers, double cells_per_second,
                         double longest = 1.0);

/// Deals out every cell of a tiling once, in order, as rectangular tasks.
class Dealer {
 public:
  explicit Dealer(const Tiling& tiling) : tiling_(tiling) {}

  std::uint64_t remaining() const { return tiling_.cells() - dealt_; }
  double points_per_cell() const {
    return static_cast<double>(tiling_.points) / static_cast<double>(tiling_.rows());
  }

  /// The next task of at most `cells` (>= 1) cells, or of one row's rest; none when all is dealt. A
  /// task is either whole rows of cells (all blocks of their points) or part of one row.
  std::optional<Task> next(std::uint64_t cells);

 private:
  Tiling tiling_;
  std::uint64_t dealt_ = 0;
};

}  // namespace quotesweep
