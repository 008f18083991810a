#include "sweep/dealer.hpp"

#include <algorithm>

namespace quotesweep {

std::uint64_t task_cells(std::uint64_t remaining, std::uint64_t workers, double cells_per_second,
                         double longest) {
  const std::uint64_t fair = remaining / (3 * std::max<std::uint64_t>(workers, 1));
  const auto affordable = static_cast<std::uint64_t>(std::min(cells_per_second * longest, 1e12));
  return std::max<std::uint64_t>(1, std::min(fair, affordable));
}

std::optional<Task> Dealer::next(std::uint64_t cells) {
  if (remaining() == 0) return std::nullopt;
  const std::uint64_t row = dealt_ / tiling_.blocks, block = dealt_ % tiling_.blocks;
  Task task{.first_point = row * tiling_.tile_points, .first_block = block};
  std::uint64_t rows = 1;
  if (block == 0 && cells >= tiling_.blocks) {
    rows = std::min(cells / tiling_.blocks, tiling_.rows() - row);
    task.block_count = tiling_.blocks;
  } else {
    task.block_count = std::min(cells, tiling_.blocks - block);
  }
  task.point_count = std::min(rows * tiling_.tile_points, tiling_.points - task.first_point);
  dealt_ += rows * task.block_count;
  return task;
}

}  // namespace quotesweep
