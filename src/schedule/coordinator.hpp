#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

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
  /// A stop was asked for; what is running may still come in, or the process may be killed soon.
  virtual void on_stop(Progress&) {}
  /// A worker (numbered over all channels) was given up, and its tasks go to others.
  virtual void on_lost(int /*worker*/, const std::vector<Task>& /*tasks*/) {}
  /// A worker that was given up has delivered after all, and is used again.
  virtual void on_return(int /*worker*/) {}
};

struct CoordinationTerms {
  double worker_timeout = 10.0;  // least silence after which a worker is given up [s]
  double stop_timeout = 5.0;     // how long a stop waits for what is running [s]
  std::function<bool()> stop = [] { return false; };  // whether a stop is asked for
};

enum class SweepEnd {
  finished,  // every point is complete or has failed
  stopped    // before that, because it was asked for
};

/// Hands tasks out on demand, the next one ahead of time, and folds results in, until all is done
/// or a stop is asked for. A worker that is silent for too long (see Patience) is given up: others
/// get its tasks, and whoever delivers first is taken. Serves the channels in the calling thread,
/// which sleeps in between; closes them at the end. Throws what `observer` throws, after closing
/// the channels.
SweepEnd coordinate(Dealer& dealer, Progress& progress, std::span<Channel* const> channels,
                    SweepObserver& observer, const CoordinationTerms& terms = {});

}  // namespace quotesweep
