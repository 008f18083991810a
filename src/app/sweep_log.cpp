#include "app/sweep_log.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

namespace quotesweep {
namespace {

using Json = nlohmann::ordered_json;

/// Between two lines of progress for machines.
constexpr std::chrono::seconds json_interval{2};

void print_line(const std::string& event, double time, Json more) {
  Json line{{"event", event}, {"time", time}};
  line.update(more);
  fmt::print(stderr, "{}\n", line.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace

double SweepLog::elapsed() const {
  return std::chrono::duration<double>(Clock::now() - start_).count();
}

double SweepLog::rate(double share) const {
  return (share - beginning_.done_before) * beginning_.work.steps / elapsed();
}

void SweepLog::begin(const Beginning& beginning) {
  beginning_ = beginning;
  const auto& b = beginning_;
  if (style_ == LogStyle::json)
    return print_line("begin", elapsed(),
                      {{"study", b.study},
                       {"file", b.file},
                       {"crew", b.crew},
                       {"points", b.points},
                       {b.work.words.each, b.work.per_point},
                       {"steps", b.work.steps},
                       {"unit", b.work.words.unit},
                       {"done", b.done_before}});
  const auto before = b.done_before > 0.0
                          ? fmt::format(", {:.1f} % done before", 100.0 * b.done_before)
                          : std::string();
  fmt::print(stderr, "{}: {} points x {} {}, {} -> {}{}\n", b.study, b.points, b.work.per_point,
             b.work.words.each, b.crew, b.file, before);
  display_ = std::make_unique<ProgressDisplay>(b.work, b.crew, b.done_before);
}

void SweepLog::progress(double share) {
  if (display_) return display_->update(share);
  if (Clock::now() - told_ < json_interval) return;
  told_ = Clock::now();
  const double speed = rate(share);
  print_line("progress", elapsed(),
             {{"done", share},
              {"steps_per_second", speed},
              {"eta", speed > 0.0 ? Json((1.0 - share) * beginning_.work.steps / speed) : Json()}});
}

void SweepLog::note(const std::string& event, const std::string& text) {
  if (style_ == LogStyle::json) return print_line(event, elapsed(), {{"text", text}});
  if (display_) display_->clear();
  fmt::print(stderr, "{}\n", text);
}

void SweepLog::end(const Ending& e) {
  const double seconds = elapsed();
  if (style_ == LogStyle::json)
    return print_line("end", seconds,
                      {{"outcome", e.outcome},
                       {"complete", e.complete},
                       {"failed", e.failed},
                       {"points", e.points},
                       {"steps_per_second", rate(e.share)},
                       {"write_seconds", e.write_seconds},
                       {"text", e.text}});
  if (display_) display_->clear();
  fmt::print(stderr, "{} of {} points complete in {} ({:.0f} M {}/s): {}\n", e.complete, e.points,
             duration_text(seconds), rate(e.share) / 1e6, beginning_.work.words.unit,
             beginning_.file);
  if (!e.text.empty()) fmt::print(stderr, "{}\n", e.text);
}

}  // namespace quotesweep
