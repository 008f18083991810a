#pragma once

#include <chrono>
#include <optional>
#include <thread>

#include "sweep/task.hpp"

namespace quotesweep {

/// The coordinator's end of a transport to one or more workers. Messages between the coordinator
/// and one worker keep their order. One thread at a time.
class Channel {
 public:
  virtual ~Channel() = default;

  /// Number of workers, which are numbered from 0.
  virtual int workers() const = 0;

  /// Queues a task for a worker and returns at once, whatever the worker does.
  virtual void send(int worker, const Task& task) = 0;

  /// Gives a worker up: it is dead, or so slow that it seems so. Nothing is sent to it any more or
  /// waited for; what it still delivers is received.
  virtual void abandon(int worker) = 0;

  /// Tells all workers that no more tasks will come. What they have not begun they drop.
  virtual void close() = 0;

  /// After `close`: waits for at most so many seconds until all workers have ended. False where
  /// some have not, or were abandoned.
  virtual bool wait_closed(double seconds) = 0;

  struct Arrival {
    int worker;
    TaskResult result;
  };
  /// The next result that has arrived, if any; never waits.
  virtual std::optional<Arrival> receive() = 0;

  /// Waits for a moment, or less where it hears of a result.
  virtual void wait() { std::this_thread::sleep_for(std::chrono::microseconds(500)); }
};

/// A worker's end.
class WorkerPort {
 public:
  virtual ~WorkerPort() = default;

  /// Waits for the next task; none when the coordinator has closed the channel.
  virtual std::optional<Task> next() = 0;

  /// Hands a result over.
  virtual void deliver(TaskResult result) = 0;
};

/// Runs tasks from a port until it closes. What a task throws becomes the result's error.
void work(WorkerPort& port, Evaluator& evaluator);

}  // namespace quotesweep
