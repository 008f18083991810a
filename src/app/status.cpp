#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <thread>

#include "app/commands.hpp"
#include "app/interrupt.hpp"
#include "app/progress_display.hpp"
#include "base/error.hpp"
#include "store/results_reader.hpp"

namespace quotesweep {
namespace {

constexpr std::chrono::seconds watch_interval{2};

/// How far a file is.
struct Survey {
  std::vector<double> status;
  double paths = 0.0, planned = 0.0;  // of all points; in a replay points
  std::string unit;                   // what these are
  double seconds = 0.0;               // of workers
  std::string best;                   // a sentence, or ""
  std::string writer;                 // who holds the lock, or ""
  double share() const { return planned > 0.0 ? paths / planned : 0.0; }
  bool running() const { return !writer.empty(); }
  /// 0 to 3, as of a run that ended like this. Paths are written before the status tells of them.
  int exit_status() const {
    const auto count = [this](PointStatus one) {
      return std::ranges::count(status, static_cast<double>(one));
    };
    const auto failed = count(PointStatus::failed);
    const auto size = static_cast<std::ptrdiff_t>(status.size());
    if (count(PointStatus::complete) + failed < size) return exit_interrupted;
    return failed > 0 ? exit_failed_points : exit_complete;
  }
};

/// A point's value of a coordinate.
std::string place_text(const ResultsReader& file, const std::string& name, std::size_t point) {
  const double value = file.point_values(name)[point];
  if (file.type(name) != ElementType::text) return fmt::format("{:.6g}", value);
  return file.read_labels(name)[static_cast<std::size_t>(value)];
}

/// The complete point with the highest Sharpe ratio.
std::string best_point(const ResultsReader& file, const std::vector<double>& status) {
  const auto sharpe = file.read("sharpe"), errors = file.read("sharpe_se");
  std::size_t best = sharpe.size();
  for (std::size_t i = 0; i < sharpe.size(); ++i) {
    if (status[i] != 2.0 || std::isnan(sharpe[i])) continue;
    if (best == sharpe.size() || sharpe[i] > sharpe[best]) best = i;
  }
  if (best == sharpe.size()) return "";
  auto text = fmt::format("sharpe {:.4g} +- {:.2g} at", sharpe[best], errors[best]);
  for (const auto& name : file.names())
    if (file.is_coordinate(name))
      text += fmt::format(" {} = {}", name, place_text(file, name, best));
  return text;
}

Survey survey(const std::string& path) {
  const ResultsReader file(path);
  Survey found;
  found.status = file.read(status_variable);
  for (const double paths : file.read(paths_variable)) found.paths += paths;
  for (const double seconds : file.read(seconds_variable))
    if (!std::isnan(seconds)) found.seconds += seconds;
  found.planned = static_cast<double>(file.integer_attribute("paths_planned")) *
                  static_cast<double>(found.status.size());
  const bool is_replay =
      file.attribute("", "study_resolved").find("market.model = replay\n") != std::string::npos;
  found.unit = is_replay ? "points" : "paths";
  found.best = best_point(file, found.status);
  found.writer = lock_holder(path);
  // A failed point needs no more paths.
  const auto failed = std::ranges::count(found.status, 3.0);
  found.paths +=
      static_cast<double>(failed) * static_cast<double>(file.integer_attribute("paths_planned"));
  return found;
}

/// Share of the work per second since the file was laid out or taken up last.
double rate_since(const Survey& before, const Survey& now, double seconds) {
  return seconds > 0.0 ? (now.share() - before.share()) / seconds : 0.0;
}

void print_survey(const std::string& path, const Survey& s, double rate) {
  constexpr const char* names[] = {"pending", "partial", "complete", "failed", "precision_not_met"};
  fmt::print("{}\n", path);
  fmt::print("points    {}:", s.status.size());
  for (int value = 0; value < 5; ++value)
    if (const auto count = std::ranges::count(s.status, value); count > 0)
      fmt::print(" {} {}", count, names[value]);
  fmt::print("\n{:<10}{:.1f} % of {:.4g}\n", s.unit == "paths" ? s.unit : "done", 100.0 * s.share(),
             s.planned);
  fmt::print("compute   {} of workers so far\n", duration_text(s.seconds));
  if (rate > 0.0 && s.share() < 1.0)
    fmt::print("ETA       {} at {:.3g} {}/s\n", duration_text((1.0 - s.share()) / rate),
               rate * s.planned, s.unit);
  if (!s.best.empty()) fmt::print("best      {}\n", s.best);
  const bool finished = s.exit_status() != exit_interrupted;
  fmt::print("writer    {}\n", s.running() ? s.writer
                               : finished  ? "none: it is finished"
                                          : "none: `quotesweep run` with the same study continues");
  std::fflush(stdout);
}

}  // namespace

int status(const StatusOptions& options) {
  auto before = survey(options.file);
  if (!options.watch) {
    double rate = 0.0;
    if (before.running()) {  // a second tells the rate
      constexpr double pause = 1.2;
      std::this_thread::sleep_for(std::chrono::duration<double>(pause));
      const auto now = survey(options.file);
      rate = rate_since(before, now, pause);
      before = now;
    }
    print_survey(options.file, before, rate);
    return before.exit_status();
  }
  catch_interrupts();
  const bool terminal = isatty(STDOUT_FILENO) != 0;
  const auto begun = before;
  const auto start = std::chrono::steady_clock::now();
  for (Survey now = before; *interrupted() == '\0'; now = survey(options.file)) {
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (terminal) fmt::print("\033[H\033[J");
    print_survey(options.file, now, rate_since(begun, now, seconds));
    if (!now.running()) return now.exit_status();
    if (!terminal) fmt::print("\n");
    std::this_thread::sleep_for(watch_interval);
  }
  return exit_complete;
}

}  // namespace quotesweep
