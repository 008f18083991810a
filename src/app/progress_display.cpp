#include "app/progress_display.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

namespace quotesweep {

ProgressDisplay::ProgressDisplay(Work work, std::string crew, double before)
    : work_(std::move(work)),
      before_(before),
      crew_(std::move(crew)),
      terminal_(isatty(STDERR_FILENO) != 0) {}

void ProgressDisplay::update(double share) {
  const auto now = Clock::now();
  if (now - shown_ < (terminal_ ? std::chrono::milliseconds(200) : std::chrono::seconds(10)))
    return;
  shown_ = now;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const double done = share - before_;  // by this run
  const std::string text =
      fmt::format("{:3.0f} %  {:.0f} M {}/s  {}  ETA {}", 100.0 * share,
                  done * work_.steps / seconds / 1e6, work_.words.step, crew_,
                  done > 0.0 ? duration_text(seconds * (1.0 - share) / done) : "unknown");
  if (terminal_) {
    constexpr int width = 30;
    const int full = static_cast<int>(share * width);
    fmt::print(stderr, "\r[{:#<{}}{:.<{}}] {}\033[K", "", full, "", width - full, text);
  } else {
    fmt::print(stderr, "{}\n", text);
  }
  std::fflush(stderr);
}

void ProgressDisplay::clear() {
  if (terminal_) fmt::print(stderr, "\r\033[K");
}

std::string duration_text(double seconds) {
  if (seconds < 100.0) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<long long>(seconds + 0.5);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

}  // namespace quotesweep
