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

}  // namespace

Progress::Progress(std::uint64_t points, std::uint64_t blocks, const Reduction& reduction)
    : blocks_(blocks), reduction_(reduction), points_(points) {}

void Progress::take(const TaskResult& result) {
  const Task& task = result.task;
  if (task.first_point + task.point_count > points_.size() ||
      task.first_block + task.block_count > blocks_)
    throw Error("a task result for points {} to {} does not belong to this sweep of {} points",
                task.first_point, task.first_point + task.point_count, points_.size());
  if (result.error.empty() && result.states.size() != task.state_count() * reduction_.width())
    throw Error("a task result holds {} numbers (must be {})", result.states.size(),
                task.state_count() * reduction_.width());
  taken_ += task.point_count * task.block_count;
  for (std::uint64_t offset = 0; offset < task.point_count; ++offset) take_point(result, offset);
}

void Progress::take_point(const TaskResult& result, std::uint64_t offset) {
  const Task& task = result.task;
  const std::uint64_t index = task.first_point + offset;
  PointProgress& point = points_[index];
  if (point.failed() || complete(index)) return;
  changed_.push_back(index);
  point.seconds += result.seconds / static_cast<double>(task.point_count);
  if (!result.error.empty()) {
    point = PointProgress{.error = result.error};
    ++failed_;
    return;
  }
  const std::size_t width = reduction_.width();
  if (task.folded()) {
    if (point.blocks_done == 0)
      fold(point, record(result.states, offset, width), task.block_count);
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
  if (point.state.empty()) point.state = std::move(state);
  else reduction_.merge(point.state, state);
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
