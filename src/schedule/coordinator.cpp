#include "schedule/coordinator.hpp"

#include <chrono>
#include <thread>
#include <vector>

namespace quotesweep {
namespace {

/// Tasks that a worker holds: the one it works on and the next.
constexpr int tasks_ahead = 2;
constexpr std::chrono::microseconds nap{500};

struct WorkerSeat {
  Channel* channel = nullptr;
  int worker = 0;
  int in_flight = 0;
};

class Coordination {
 public:
  Coordination(Dealer& dealer, Progress& progress, std::span<Channel* const> channels)
      : dealer_(dealer), progress_(progress), channels_(channels) {
    for (auto* channel : channels)
      for (int worker = 0; worker < channel->workers(); ++worker)
        seats_.push_back({channel, worker, 0});
  }

  /// Takes in all results that have arrived; true where there were any.
  bool collect() {
    bool any = false;
    std::size_t first_seat = 0;
    for (auto* channel : channels_) {
      while (const auto arrival = channel->receive()) {
        auto& seat = seats_[first_seat + static_cast<std::size_t>(arrival->worker)];
        --seat.in_flight;
        --in_flight_;
        take(arrival->result);
        any = true;
      }
      first_seat += static_cast<std::size_t>(channel->workers());
    }
    return any;
  }

  /// Gives every worker enough to do; a round at a time, so that the last tasks are spread.
  void deal() {
    for (int level = 0; level < tasks_ahead; ++level)
      for (auto& seat : seats_)
        if (seat.in_flight == level) deal_one(seat);
  }

  bool finished() const { return in_flight_ == 0 && dealer_.remaining() == 0; }

 private:
  void take(const TaskResult& result) {
    progress_.take(result);
    worker_seconds_ += result.seconds;
    points_blocks_ += result.task.point_count * result.task.block_count;
  }

  void deal_one(WorkerSeat& seat) {
    const double cells = static_cast<double>(points_blocks_) / dealer_.points_per_cell();
    const double rate = worker_seconds_ > 0.0 ? cells / worker_seconds_ : 0.0;
    const auto task = dealer_.next(task_cells(dealer_.remaining(), seats_.size(), rate));
    if (!task) return;
    seat.channel->send(seat.worker, *task);
    ++seat.in_flight;
    ++in_flight_;
  }

  Dealer& dealer_;
  Progress& progress_;
  std::span<Channel* const> channels_;
  std::vector<WorkerSeat> seats_;
  int in_flight_ = 0;
  double worker_seconds_ = 0.0;
  std::uint64_t points_blocks_ = 0;
};

void run(Dealer& dealer, Progress& progress, std::span<Channel* const> channels,
         SweepObserver& observer) {
  Coordination coordination(dealer, progress, channels);
  while (!coordination.finished()) {
    coordination.deal();
    const bool any = coordination.collect();
    observer.on_progress(progress);
    if (!any) std::this_thread::sleep_for(nap);
  }
}

}  // namespace

void coordinate(Dealer& dealer, Progress& progress, std::span<Channel* const> channels,
                SweepObserver& observer) {
  try {
    run(dealer, progress, channels, observer);
  } catch (...) {
    for (auto* channel : channels) channel->close();
    throw;
  }
  for (auto* channel : channels) channel->close();
}

}  // namespace quotesweep
