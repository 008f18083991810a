#include "sweep/progress.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"

namespace quotesweep {
namespace {

std::vector<double> record(const std::vector<double>& states, std::uint64_t index,
                           std::size_t width) {
  const auto first = states.begin() + static_cast<std::ptrdiff_t>(index * width);
  return {first, first + static_cast<std::ptrdiff_t>(width)};
}

bool within(std::uint64_t first, std::uint64_t count, std::uint64_t size) {
  return count > 0 && count <= size && first <= size - count;
}

bool has_all(const PointProgress& point, const Task& task) {
  for (std::uint64_t b = task.first_block; b < task.first_block + task.block_count; ++b)
    if (b >= point.blocks_done && !point.waiting.contains(b)) return false;
  return true;
}

}  // namespace

Progress::Progress(std::uint64_t points, std::uint64_t blocks, const Reduction& reduction)
    : blocks_(blocks), reduction_(reduction), points_(points) {}

void Progress::restore(std::uint64_t index, PointProgress known, bool changed) {
  points_[index] = std::move(known);
  if (changed) changed_.push_back(index);
  if (points_[index].failed()) ++failed_;
  taken_ += settled(index);
  restored_ += settled(index);
}

bool Progress::covers(const Task& task) const {
  for (std::uint64_t point = task.first_point; point < task.first_point + task.point_count; ++point)
    if (!points_[point].failed() && !has_all(points_[point], task)) return false;
  return true;
}

void Progress::take(const TaskResult& result) {
  check(result);
  for (std::uint64_t offset = 0; offset < result.task.point_count; ++offset) {
    const std::uint64_t point = result.task.first_point + offset;
    const std::uint64_t before = settled(point);
    take_point(result, offset);
    taken_ += settled(point) - before;
  }
}

void Progress::check(const TaskResult& result) const {
  const Task& task = result.task;
  if (!within(task.first_point, task.point_count, points_.size()) ||
      !within(task.first_block, task.block_count, blocks_))
    throw Error(
        "a task result for {} points from {} and {} blocks from {} does not belong to this sweep "
        "of "
        "{} points x {} blocks",
        task.point_count, task.first_point, task.block_count, task.first_block, points_.size(),
        blocks_);
  if (result.error.empty() && result.states.size() != task.state_count() * reduction_.width())
    throw Error("a task result holds {} numbers (must be {})", result.states.size(),
                task.state_count() * reduction_.width());
}

std::uint64_t Progress::settled(std::uint64_t index) const {
  const PointProgress& point = points_[index];
  return point.failed() ? blocks_ : point.blocks_done + point.waiting.size();
}

void Progress::take_point(const TaskResult& result, std::uint64_t offset) {
  const std::uint64_t index = result.task.first_point + offset;
  PointProgress& point = points_[index];
  if (point.failed() || has_all(point, result.task)) return;
  changed_.push_back(index);
  point.seconds += result.seconds / static_cast<double>(result.task.point_count);
  if (result.error.empty()) {
    take_states(point, result, offset);
    return;
  }
  point = PointProgress{.error = result.error};
  ++failed_;
}

void Progress::take_states(PointProgress& point, const TaskResult& result, std::uint64_t offset) {
  const Task& task = result.task;
  const std::size_t width = reduction_.width();
  if (task.folded()) {
    if (point.blocks_done == 0) fold(point, record(result.states, offset, width), task.block_count);
  } else {
    for (std::uint64_t b = 0; b < task.block_count; ++b)
      if (task.first_block + b >= point.blocks_done)
        point.waiting.try_emplace(task.first_block + b,
                                  record(result.states, offset * task.block_count + b, width));
  }
  while (!point.waiting.empty() && point.waiting.begin()->first <= point.blocks_done) {
    auto next = point.waiting.extract(point.waiting.begin());
    if (next.key() == point.blocks_done) fold(point, std::move(next.mapped()), 1);
  }
}

void Progress::fold(PointProgress& point, std::vector<double> state, std::uint64_t blocks) {
  if (point.state.empty())
    point.state = std::move(state);
  else
    reduction_.merge(point.state, state);
  point.blocks_done += blocks;
}

std::vector<std::uint64_t> Progress::take_changed() {
  std::sort(changed_.begin(), changed_.end());
  changed_.erase(std::unique(changed_.begin(), changed_.end()), changed_.end());
  return std::exchange(changed_, {});
}

void Progress::release(std::uint64_t point) {
  points_[point].state = {};
  points_[point].state.shrink_to_fit();
}

}  // namespace quotesweep
