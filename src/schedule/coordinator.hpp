#pragma once

#include <cstdint>
#include <span>

#include "schedule/channel.hpp"
#include "sweep/dealer.hpp"
#include "sweep/progress.hpp"

namespace quotesweep {

/// Is told what happens, from the coordinator's thread.
class SweepObserver {
 public:
  virtual ~SweepObserver() = default;
  /// After every pass in which results came in, and now and then in between.
  virtual void on_progress(Progress& progress) = 0;
};

/// Hands tasks out on demand, the next one ahead of time, and folds results in, until all is done.
/// Serves the channels in the calling thread, which sleeps in between; closes them at the end.
/// Throws what `observer` throws, after closing the channels.
void coordinate(Dealer& dealer, Progress& progress, std::span<Channel* const> channels,
                SweepObserver& observer);

}  // namespace quotesweep
