#pragma once

#include <chrono>

#include "app/sweep_log.hpp"
#include "experiment/experiment.hpp"
#include "schedule/coordinator.hpp"
#include "store/results_writer.hpp"

namespace quotesweep {

/// Writes what a sweep finds to its results file, in batches, and logs how far it is.
class SweepRecorder final : public SweepObserver {
 public:
  /// Data are forced to the disk every `sync_interval` seconds.
  SweepRecorder(const Experiment& experiment, ResultsWriter& writer, SweepLog& log,
                double sync_interval)
      : experiment_(experiment), writer_(writer), log_(log), sync_interval_(sync_interval) {}

  void on_progress(Progress& progress) override;
  void on_stop(Progress& progress) override { finish(progress); }
  void on_lost(int worker, const std::vector<Task>& tasks) override;
  void on_return(int worker) override;

  /// Writes what is left and waits until it is on the disk.
  void finish(Progress& progress);

 private:
  void write(Progress& progress);

  using Clock = std::chrono::steady_clock;
  const Experiment& experiment_;
  ResultsWriter& writer_;
  SweepLog& log_;
  std::chrono::duration<double> sync_interval_;
  Clock::time_point written_ = Clock::now(), synced_ = written_;
};

}  // namespace quotesweep
