#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>

#include "schedule/channel.hpp"

namespace quotesweep {

/// Transport between two threads of one process: one coordinator, one worker.
class LocalChannel final : public Channel, public WorkerPort {
 public:
  int workers() const override { return 1; }
  void send(int worker, const Task& task) override;
  void abandon(int) override {}
  void close() override;
  bool wait_closed(double seconds) override;
  std::optional<Arrival> receive() override;
  void wait() override;

  std::optional<Task> next() override;
  void deliver(TaskResult result) override;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;
  std::deque<TaskResult> results_;
  bool closed_ = false, ended_ = false;
};

}  // namespace quotesweep
