#include "app/sweep_recorder.hpp"

#include <fmt/format.h>

namespace quotesweep {
namespace {

/// How much work a killed process may lose, and a machine that loses power.
constexpr std::chrono::seconds write_interval{1}, sync_interval{10};

}  // namespace

void SweepRecorder::on_progress(Progress& progress) {
  const auto work = static_cast<double>(progress.size() * progress.blocks());
  display_.update(static_cast<double>(progress.taken()) / work);
  const auto now = Clock::now();
  if (now - written_ < write_interval) return;
  write(progress);
  written_ = now;
  if (now - synced_ < sync_interval) return;
  writer_.sync();
  synced_ = now;
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
    rows.push_back(row(progress, point));
    if (rows.size() == batch) flush();
  }
  flush();
}

PointRow SweepRecorder::row(const Progress& progress, std::uint64_t point) const {
  const auto& known = progress[point];
  if (known.failed())
    return {.point = point, .status = PointStatus::failed, .message = known.error};
  return {.point = point,
          .status = progress.complete(point) ? PointStatus::complete : PointStatus::partial,
          .paths_done = known.blocks_done * experiment_.study().block,
          .seconds = known.seconds,
          .state = known.state,
          .results = experiment_.results(point, known.state)};
}

}  // namespace quotesweep
