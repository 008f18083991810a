#include "app/sweep_recorder.hpp"

#include <fmt/format.h>

#include "app/output_file.hpp"

namespace quotesweep {
namespace {

/// How much work a killed process may lose.
constexpr std::chrono::seconds write_interval{1};

}  // namespace

void SweepRecorder::on_progress(Progress& progress) {
  const auto work = static_cast<double>(progress.size() * progress.blocks());
  log_.progress(static_cast<double>(progress.taken()) / work);
  const auto now = Clock::now();
  if (now - written_ < write_interval) return;
  write(progress);
  written_ = now;
  if (now - synced_ < sync_interval_) return;
  writer_.sync();
  synced_ = now;
}

void SweepRecorder::on_lost(int worker, const std::vector<Task>& tasks) {
  std::uint64_t cells = 0;
  for (const auto& task : tasks) cells += task.point_count * task.block_count;
  log_.note("lost", fmt::format("rank {} is silent: its {} task{} ({} point-blocks) to others",
                                worker, tasks.size(), tasks.size() == 1 ? " goes" : "s go", cells));
}

void SweepRecorder::on_return(int worker) {
  log_.note("returned", fmt::format("rank {} is back", worker));
}

void SweepRecorder::finish(Progress& progress) {
  write(progress);
  writer_.sync();
}

void SweepRecorder::write(Progress& progress) {
  constexpr std::size_t batch = 4096;  // bounds the memory of a batch
  std::vector<PointRow> rows;
  const auto flush = [&] {
    writer_.write(rows);
    for (const auto& written : rows)
      if (written.status == PointStatus::complete) progress.release(written.point);
    rows.clear();
  };
  for (const auto point : progress.take_changed()) {
    if (progress[point].blocks_done == 0 && !progress[point].failed()) continue;
    rows.push_back(point_row(experiment_, point, progress[point]));
    if (rows.size() == batch) flush();
  }
  flush();
}

}  // namespace quotesweep
