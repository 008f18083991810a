#pragma once

#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "replay/bootstrap.hpp"
#include "replay/replay_runner.hpp"

namespace quotesweep {

/// What results of a replay are measured by, the same for all points of a sweep.
struct ReplayMeasure {
  ReplayClock clock;
  std::vector<ReplayWindow> windows;
  BootstrapTerms bootstrap;
  std::vector<std::vector<BootstrapRun>> resamples;  // if drawn beforehand
  double target = 0.0;  // return per interval that counts as neither loss nor gain
};

/// A statistic of a series of intervals that is resampled, and its place among them.
enum Statistic {
  total_pnl,
  total_return,
  sharpe_ratio,
  sortino_ratio,
  turnover_ratio,
  total_fees,
  trade_count,
  win_share,
  resampled_drawdown,
  resampled_drawdown_pct,
  first_symbol_pnl
};

/// Mean and sum of squared deviations of numbers; those that are NaN are left out.
template <class V>
struct Spread {
  V count{}, mean{}, squares{};

  void add(const V& value) {
    const auto counts = value == value;
    const V now = count + 1.0, delta = value - mean, moved = mean + delta / now;
    squares = counts ? squares + delta * (value - moved) : squares;
    mean = counts ? moved : mean;
    count = counts ? now : count;
  }
  /// Standard deviation (ddof 1); NaN of fewer than two numbers.
  V sd() const {
    const V undefined = V{} + std::numeric_limits<double>::quiet_NaN();
    return count > 1.0 ? root_of(V(squares / (count - 1.0))) : undefined;
  }
};

/// What each interval brought: the changes of the sums, and the return of the margin.
class IntervalSeries {
 public:
  /// For marks of `sums` sums; margins begin at the capital.
  IntervalSeries(std::size_t sums, const Column& capital);

  /// Takes the interval that ends with a mark.
  void add(const ReplayMark& mark, int lanes);

  std::size_t size() const { return size_; }
  std::size_t sums() const { return sums_; }
  const Column& capital() const { return capital_; }
  double returns(std::size_t interval, int lane) const {
    const auto& row = packs_[static_cast<std::size_t>(lane / lane_step)][interval * width_];
    return lane_of(row, lane % lane_step);
  }
  /// Numbers of an interval in a register of lanes: the return, then the change of each sum. A
  /// row is `width()` numbers long, a multiple of `row_step`, with zeros at its end.
  const Octet* row(std::size_t pack, std::size_t interval) const {
    return &packs_[pack][interval * width_];
  }
  std::size_t width() const { return width_; }
  static constexpr std::size_t row_step = 8;

 private:
  std::size_t sums_, width_, size_ = 0;
  Column capital_;
  ReplayMark before_;
  std::vector<std::vector<Octet>> packs_;  // [register of lanes][interval, number]
};

/// Sums over some intervals of a register of lanes, from which statistics follow.
struct PackSums {
  std::vector<Octet> totals;  // of a row's numbers
  Octet squares, downside;    // of returns, of those below the target
  Octet drop, drop_fraction;  // of the equity, of its growth
};

/// Sums over runs of intervals, in their order. `target` is that of ReplayMeasure.
PackSums sum_over(const IntervalSeries& series, std::size_t pack,
                  std::span<const BootstrapRun> runs, double target);

/// Statistics after as many intervals as the series has, by Statistic, followed by each symbol's
/// P&L. NaN where one is undefined.
std::vector<Octet> statistics(const PackSums& sums, const IntervalSeries& series, std::size_t pack,
                              const ReplayMeasure& measure);

/// Standard errors of all statistics, [statistic], by the stationary bootstrap: the standard
/// deviation over resamples, those left out in which a statistic is undefined, times `widening`.
std::vector<Octet> bootstrap_errors(const IntervalSeries& series, std::size_t pack,
                                    const ReplayMeasure& measure);

/// Skewness and kurtosis of a lane's returns; NaN where they do not vary.
std::pair<double, double> shape_of(const IntervalSeries& series, int lane);

}  // namespace quotesweep
