#pragma once

#include <chrono>

#include "app/progress_display.hpp"
#include "experiment/experiment.hpp"
#include "schedule/coordinator.hpp"
#include "store/results_writer.hpp"

namespace quotesweep {

/// Writes what a sweep finds to its results file, in batches, and shows how far it is.
class SweepRecorder final : public SweepObserver {
 public:
  SweepRecorder(const Experiment& experiment, ResultsWriter& writer, ProgressDisplay& display)
      : experiment_(experiment), writer_(writer), display_(display) {}

  void on_progress(Progress& progress) override;

  /// Writes what is left and waits until it is on the disk.
  void finish(Progress& progress);

 private:
  void write(Progress& progress);
  PointRow row(const Progress& progress, std::uint64_t point) const;

  using Clock = std::chrono::steady_clock;
  const Experiment& experiment_;
  ResultsWriter& writer_;
  ProgressDisplay& display_;
  Clock::time_point written_ = Clock::now(), synced_ = written_;
};

}  // namespace quotesweep
