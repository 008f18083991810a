#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "app/progress_display.hpp"
#include "experiment/study.hpp"

namespace quotesweep {

enum class LogStyle { text, json };

/// What a sweep says on stderr while it runs: sentences and a progress bar for people, or one JSON
/// object a line for machines, with `event` and `time` (seconds since the start) in each.
class SweepLog {
 public:
  explicit SweepLog(LogStyle style) : style_(style) {}

  struct Beginning {
    std::string study, file, crew;  // crew: ranks and threads
    std::uint64_t points = 0;
    Work work;                 // of the whole sweep
    double done_before = 0.0;  // share that earlier runs have done
  };
  void begin(const Beginning& beginning);
  void progress(double share);
  /// Something that the user should know: `event` is a word, `text` a sentence.
  void note(const std::string& event, const std::string& text);

  struct Ending {
    std::string outcome;  // complete, failed_points or interrupted
    std::uint64_t complete = 0, failed = 0, points = 0;
    double share = 0.0;          // done
    double write_seconds = 0.0;  // writing and waiting for the disk
    std::string text;            // what else is to be said, or ""
  };
  void end(const Ending& ending);

 private:
  double elapsed() const;
  double rate(double share) const;

  LogStyle style_;
  Beginning beginning_;
  std::unique_ptr<ProgressDisplay> display_;
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now(), told_ = start_;
};

}  // namespace quotesweep
