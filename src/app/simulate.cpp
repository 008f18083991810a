#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

#include "app/chosen_path.hpp"
#include "app/path_series.hpp"

namespace quotesweep {
namespace {

using Q = PathQuantity;

constexpr std::int64_t lines_told = 20, rows_written = 20'000;

/// Prints a path as it goes, a line at a time, so that it shows while it is simulated.
class Teller {
 public:
  explicit Teller(const Scenario& scenario)
      : capital_(scenario.account.capital),
        decimals_(std::clamp(7 - static_cast<int>(std::floor(std::log10(capital_))), 0, 12)) {}

  void begin() const {
    fmt::print("{:>10} {:>12} {:>9} {:>15} {:>10} {:>11} {:>10}\n", "step", "time", "trades", "P&L",
               "inventory", "mid", "drawdown");
  }

  void line(const Stretch& s) const {
    if (s.stop != no_stop) stop(s);
    fmt::print("{:>10} {:>12.10g} {:>9.0f} {:>15} {:>10.6g} {:>11.8g} {:>8.2f} %\n", s.step, s.time,
               s.trades, money(s.equity - capital_), s.inventory, s.mid,
               100.0 * (s.peak - s.equity) / s.peak);
    std::fflush(stdout);
  }

  void end(const PathNumbers& path) const {
    fmt::print("\n");
    row("total return", percent(path[Q::total_return]));
    row("P&L", money(path[Q::pnl]));
    row("trades", count(path[Q::trades]));
    row("round trips", count(path[Q::round_trips]));
    row("win rate", percent(path[Q::win_rate]), "  of round trips");
    row("max drawdown", percent(path[Q::max_drawdown_pct]));
    row("Calmar", std::isnan(path[Q::calmar]) ? "-" : fmt::format("{:.3g}", path[Q::calmar]));
    row("stops", count(path[Q::stops]),
        fmt::format("  drawdown {}, var {}, kill {}", path[Q::stops_drawdown], path[Q::stops_var],
                    path[Q::stops_kill]));
    attribution(path);
  }

 private:
  void stop(const Stretch& s) const {
    constexpr const char* reasons[] = {"", "drawdown", "value at risk", "kill switch"};
    fmt::print("{:>10} {:>12.10g} stop: {}, out of the market\n", s.step, s.time, reasons[s.stop]);
  }

  void attribution(const PathNumbers& path) const {
    fmt::print("\n{:<22}{:>16}{:>18}\n", "where it came from", "P&L", "of the capital");
    double sum = 0.0;
    const auto part = [&](const char* name, double value) {
      fmt::print("{:<22}{:>16}{:>16.3f} %\n", name, money(value), 100.0 * value / capital_);
      sum += value;
    };
    part("spread captured", path[Q::pnl_spread]);
    part("rebates and fees", path[Q::pnl_fees]);
    part("inventory", path[Q::pnl_inventory]);
    part("signal bias", path[Q::pnl_bias]);
    part("pair trading", path[Q::pnl_pair]);
    part("liquidation", path[Q::pnl_liquidation]);
    part("sum = P&L", sum);
  }

  static void row(const char* name, const std::string& value, const std::string& more = "") {
    fmt::print("{:<16}{:>16}{}\n", name, value, more);
  }

  static std::string count(double value) { return fmt::format("{:.0f}", value); }

  static std::string percent(double fraction) {
    return std::isnan(fraction) ? "-" : fmt::format("{:.3f} %", 100.0 * fraction);
  }

  /// Eight digits of the capital; no "-0.00".
  std::string money(double value) const {
    const std::string text = fmt::format("{:.{}f}", value, decimals_);
    return text.find_first_of("123456789") == std::string::npos && text[0] == '-' ? text.substr(1)
                                                                                  : text;
  }

  double capital_;  // [money]
  int decimals_;
};

/// Steps from one of at most `count` to the next.
std::int64_t stride(std::int64_t steps, std::int64_t count) {
  return (steps + count - 1) / count;
}

}  // namespace

int simulate(const SimulateOptions& options) {
  const auto [study, point] = choose_path(options.study, options.point, options.path);
  const PointInput input = point_input(study, point);
  const std::int64_t steps = step_count(input.scenario.market);
  const bool writes = !options.output.empty();
  const bool every = options.every > 0;

  PathStory story(input, study.precision, options.path);
  const Teller teller(point_scenario(study, point));
  story.listen(every && !writes ? options.every : stride(steps, lines_told),
               [&](const Stretch& stretch) { teller.line(stretch); });
  std::optional<PathSeries> series;
  if (writes) {
    series.emplace(options.output);
    story.listen(every ? options.every : stride(steps, rows_written),
                 [&](const Stretch& stretch) { series->add(stretch); });
  }
  teller.begin();
  teller.end(story.tell());
  if (series) series->close();
  return exit_complete;
}

}  // namespace quotesweep
