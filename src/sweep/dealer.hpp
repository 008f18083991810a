#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "sweep/progress.hpp"
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

/// Deals out every open cell of a tiling once, in order, as rectangular tasks.
class Dealer {
 public:
  /// Everything is open.
  explicit Dealer(const Tiling& tiling);
  /// What `progress` lacks is open: of every point that has not failed, the blocks from the first
  /// missing one on.
  Dealer(const Tiling& tiling, const Progress& progress);

  std::uint64_t remaining() const { return remaining_; }
  /// Points in an average cell.
  double points_per_cell() const { return points_per_cell_; }

  /// The next task of at most `cells` (>= 1) cells, or of one row's rest; none when all is dealt. A
  /// task is either whole rows of cells (all blocks of their points) or part of one row. Tasks that
  /// were put back go first, as they were.
  std::optional<Task> next(std::uint64_t cells);

  /// Takes a dealt task back, to be dealt again.
  void put_back(const Task& task);

 private:
  /// Neighbouring points that lack the same blocks.
  struct Row {
    std::uint64_t first_point, point_count, first_block;
  };
  void add_row(const Row& row);
  std::uint64_t open_blocks(const Row& row) const { return tiling_.blocks - row.first_block; }
  std::uint64_t whole_rows(std::uint64_t cells) const;
  Task deal_rows(std::uint64_t rows);
  std::uint64_t cells_of(const Task& task) const;

  Tiling tiling_;
  std::vector<Row> rows_;
  double points_per_cell_ = 1.0;
  std::uint64_t remaining_ = 0;     // cells
  std::size_t row_ = 0;             // the next to deal from
  std::uint64_t blocks_dealt_ = 0;  // of that row
  std::deque<Task> returned_;
};

}  // namespace quotesweep
