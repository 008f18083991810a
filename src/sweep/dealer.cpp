#include "sweep/dealer.hpp"

#include <algorithm>

namespace quotesweep {

std::uint64_t task_cells(std::uint64_t remaining, std::uint64_t workers, double cells_per_second,
                         double longest) {
  const std::uint64_t fair = remaining / (3 * std::max<std::uint64_t>(workers, 1));
  const auto affordable = static_cast<std::uint64_t>(std::min(cells_per_second * longest, 1e12));
  return std::max<std::uint64_t>(1, std::min(fair, affordable));
}

Dealer::Dealer(const Tiling& tiling) : tiling_(tiling) {
  for (std::uint64_t point = 0; point < tiling.points; point += tiling.tile_points)
    add_row({point, std::min(tiling.tile_points, tiling.points - point), 0});
  points_per_cell_ = static_cast<double>(tiling.points) / static_cast<double>(tiling.rows());
}

Dealer::Dealer(const Tiling& tiling, const Progress& progress) : tiling_(tiling) {
  const auto open = [&](std::uint64_t point) {
    return !progress[point].failed() && !progress.complete(point);
  };
  std::uint64_t points = 0;
  for (std::uint64_t first = 0; first < tiling.points;) {
    const std::uint64_t block = progress[first].blocks_done;
    // Rows keep to the tiles of a sweep from nothing, so that what is cut stays wide.
    const std::uint64_t end =
        std::min((first / tiling.tile_points + 1) * tiling.tile_points, tiling.points);
    std::uint64_t last = first + 1;
    while (last < end && open(last) == open(first) && progress[last].blocks_done == block) ++last;
    if (open(first)) {
      add_row({first, last - first, block});
      points += last - first;
    }
    first = last;
  }
  if (!rows_.empty())
    points_per_cell_ = static_cast<double>(points) / static_cast<double>(rows_.size());
}

void Dealer::add_row(const Row& row) {
  rows_.push_back(row);
  remaining_ += open_blocks(row);
}

std::optional<Task> Dealer::next(std::uint64_t cells) {
  if (!returned_.empty()) {
    const Task task = returned_.front();
    returned_.pop_front();
    remaining_ -= cells_of(task);
    return task;
  }
  if (row_ == rows_.size()) return std::nullopt;
  if (const std::uint64_t rows = whole_rows(cells); rows > 0) return deal_rows(rows);
  const Row& row = rows_[row_];
  const std::uint64_t first = row.first_block + blocks_dealt_;
  const Task task{row.first_point, row.point_count, first, std::min(cells, tiling_.blocks - first)};
  blocks_dealt_ += task.block_count;
  remaining_ -= task.block_count;
  if (blocks_dealt_ == open_blocks(row)) {
    ++row_;
    blocks_dealt_ = 0;
  }
  return task;
}

/// Number of whole rows at the front that join into one rectangle of at most `cells` cells.
std::uint64_t Dealer::whole_rows(std::uint64_t cells) const {
  if (blocks_dealt_ > 0) return 0;
  const Row& front = rows_[row_];
  std::uint64_t end = front.first_point, rows = 0;
  while (row_ + rows < rows_.size() && (rows + 1) * open_blocks(front) <= cells) {
    const Row& row = rows_[row_ + rows];
    if (row.first_point != end || row.first_block != front.first_block) break;
    end += row.point_count;
    ++rows;
  }
  return rows;
}

Task Dealer::deal_rows(std::uint64_t rows) {
  const Row &front = rows_[row_], &back = rows_[row_ + rows - 1];
  const Task task{front.first_point, back.first_point + back.point_count - front.first_point,
                  front.first_block, open_blocks(front)};
  row_ += rows;
  remaining_ -= rows * task.block_count;
  return task;
}

void Dealer::put_back(const Task& task) {
  returned_.push_back(task);
  remaining_ += cells_of(task);
}

std::uint64_t Dealer::cells_of(const Task& task) const {
  return (task.point_count + tiling_.tile_points - 1) / tiling_.tile_points * task.block_count;
}

}  // namespace quotesweep
