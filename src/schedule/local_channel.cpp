#include "schedule/local_channel.hpp"

#include <chrono>
#include <utility>

namespace quotesweep {

void LocalChannel::send(int, const Task& task) {
  const std::lock_guard lock(mutex_);
  tasks_.push_back(task);
  changed_.notify_all();
}

void LocalChannel::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  tasks_.clear();
  changed_.notify_all();
}

bool LocalChannel::wait_closed(double seconds) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::duration<double>(seconds), [this] { return ended_; });
}

std::optional<Channel::Arrival> LocalChannel::receive() {
  const std::lock_guard lock(mutex_);
  if (results_.empty()) return std::nullopt;
  Arrival arrival{0, std::move(results_.front())};
  results_.pop_front();
  return arrival;
}

/// A coordinator that is often awake takes its time from the threads that simulate.
void LocalChannel::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::milliseconds(20), [this] { return !results_.empty(); });
}

std::optional<Task> LocalChannel::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return closed_ || !tasks_.empty(); });
  if (tasks_.empty()) {
    ended_ = true;
    changed_.notify_all();
    return std::nullopt;
  }
  const Task task = tasks_.front();
  tasks_.pop_front();
  return task;
}

void LocalChannel::deliver(TaskResult result) {
  const std::lock_guard lock(mutex_);
  results_.push_back(std::move(result));
  changed_.notify_all();
}

}  // namespace quotesweep
