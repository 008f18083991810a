#include "schedule/coordinator.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <utility>

#include "sweep/patience.hpp"

namespace quotesweep {
namespace {

using Clock = std::chrono::steady_clock;

/// Tasks that a worker holds: the one it works on and the next.
constexpr std::size_t tasks_ahead = 2;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

struct WorkerSeat {
  Channel* channel = nullptr;
  int worker = 0;           // of the channel
  std::deque<Task> tasks;   // in flight, the one it works on first
  Clock::time_point since;  // when it could begin with that one
  bool lost = false;
};

class Coordination {
 public:
  Coordination(Dealer& dealer, Progress& progress, std::span<Channel* const> channels,
               SweepObserver& observer, const CoordinationTerms& terms)
      : dealer_(dealer),
        progress_(progress),
        channels_(channels),
        observer_(observer),
        terms_(terms),
        patience_(terms.worker_timeout) {
    for (auto* channel : channels)
      for (int worker = 0; worker < channel->workers(); ++worker)
        seats_.push_back({channel, worker, {}, {}});
  }

  SweepEnd run() {
    while (!progress_.finished() && !terms_.stop()) {
      deal();
      pass();
      give_up_the_overdue();
    }
    if (!progress_.finished()) collect_the_last();
    return progress_.finished() ? SweepEnd::finished : SweepEnd::stopped;
  }

  void close() {
    if (!std::exchange(closed_, true))
      for (auto* channel : channels_) channel->close();
  }

 private:
  /// Takes in what has arrived and tells the observer; waits where nothing has.
  void pass() {
    const bool any = collect();
    observer_.on_progress(progress_);
    if (!any) channels_.back()->wait();  // that of this process, which knows more, is the first
  }

  bool collect() {
    bool any = false;
    std::size_t first_seat = 0;
    for (auto* channel : channels_) {
      while (const auto arrival = channel->receive()) {
        take(first_seat + static_cast<std::size_t>(arrival->worker), arrival->result);
        any = true;
      }
      first_seat += static_cast<std::size_t>(channel->workers());
    }
    return any;
  }

  void take(std::size_t index, const TaskResult& result) {
    auto& seat = seats_[index];
    if (const auto found = std::ranges::find(seat.tasks, result.task); found != seat.tasks.end()) {
      seat.tasks.erase(found);
      patience_.learn(seconds_since(seat.since));
    }
    seat.since = Clock::now();
    if (seat.lost) {
      seat.lost = false;
      observer_.on_return(static_cast<int>(index));
    }
    progress_.take(result);
    worker_seconds_ += result.seconds;
    points_blocks_ += result.task.point_count * result.task.block_count;
  }

  /// Gives every worker enough to do; a round at a time, so that the last tasks are spread.
  void deal() {
    for (std::size_t level = 0; level < tasks_ahead; ++level)
      for (auto& seat : seats_)
        if (!seat.lost && seat.tasks.size() == level) deal_one(seat);
  }

  void deal_one(WorkerSeat& seat) {
    const double cells = static_cast<double>(points_blocks_) / dealer_.points_per_cell();
    const double rate = worker_seconds_ > 0.0 ? cells / worker_seconds_ : 0.0;
    auto task = dealer_.next(task_cells(dealer_.remaining(), seats_.size(), rate));
    while (task && progress_.covers(*task)) task = dealer_.next(1);  // it came in late after all
    if (!task) return;
    if (seat.tasks.empty()) seat.since = Clock::now();
    seat.channel->send(seat.worker, *task);
    seat.tasks.push_back(*task);
  }

  /// The last worker that is left is never given up.
  void give_up_the_overdue() {
    auto left = std::ranges::count(seats_, false, &WorkerSeat::lost);
    for (std::size_t i = 0; i < seats_.size() && left > 1; ++i) {
      const auto& seat = seats_[i];
      if (seat.lost || seat.tasks.empty() || !patience_.overdue(seconds_since(seat.since)))
        continue;
      give_up(i);
      --left;
    }
  }

  void give_up(std::size_t index) {
    auto& seat = seats_[index];
    seat.lost = true;
    seat.channel->abandon(seat.worker);
    for (const auto& task : seat.tasks) dealer_.put_back(task);
    observer_.on_lost(static_cast<int>(index), {seat.tasks.begin(), seat.tasks.end()});
    seat.tasks.clear();
  }

  /// After a stop: what is being worked on may come in, for a while.
  void collect_the_last() {
    observer_.on_stop(progress_);
    close();
    const auto start = Clock::now();
    const auto working = [](const WorkerSeat& seat) { return !seat.lost && !seat.tasks.empty(); };
    while (std::ranges::any_of(seats_, working) && seconds_since(start) < terms_.stop_timeout) {
      pass();
      // A worker that has delivered drops the task that it had ahead.
      for (auto& seat : seats_)
        if (seat.tasks.size() == 1 && seat.since > start) seat.tasks.clear();
    }
  }

  Dealer& dealer_;
  Progress& progress_;
  std::span<Channel* const> channels_;
  SweepObserver& observer_;
  const CoordinationTerms& terms_;
  Patience patience_;
  std::vector<WorkerSeat> seats_;
  bool closed_ = false;
  double worker_seconds_ = 0.0;
  std::uint64_t points_blocks_ = 0;
};

}  // namespace

SweepEnd coordinate(Dealer& dealer, Progress& progress, std::span<Channel* const> channels,
                    SweepObserver& observer, const CoordinationTerms& terms) {
  Coordination coordination(dealer, progress, channels, observer, terms);
  try {
    const auto end = coordination.run();
    coordination.close();
    return end;
  } catch (...) {
    coordination.close();
    throw;
  }
}

}  // namespace quotesweep
