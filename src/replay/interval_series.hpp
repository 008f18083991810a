#pragma once

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
struct Spread {
  double count = 0.0, mean = 0.0, squares = 0.0;
  void add(double value);
  /// Standard deviation (ddof 1); NaN of fewer than two numbers.
  double sd() const;
};

/// What each interval brought, [interval][series] over lanes: the changes of the sums, and with it
/// the return of the margin.
class IntervalSeries {
 public:
  /// For marks of `sums` sums; margins begin at the capital.
  IntervalSeries(std::size_t sums, const Column& capital);

  /// Takes the interval that ends with a mark.
  void add(const ReplayMark& mark, int lanes);

  std::size_t size() const { return rows_.size(); }
  const Column& change(std::size_t interval, std::size_t sum) const { return rows_[interval][sum]; }
  const Column& returns(std::size_t interval) const { return rows_[interval][sums_]; }

 private:
  std::size_t sums_;
  ReplayMark before_;
  std::vector<std::vector<Column>> rows_;
};

/// Sums over some intervals, in their order, from which statistics follow.
struct Sums {
  Sums(std::size_t sums, const Column& capital);

  /// Takes one interval of a series. `target` is that of ReplayMeasure.
  void add(const IntervalSeries& series, std::size_t interval, double target, int lanes);

  std::vector<Column> changes;
  Column returns{}, squares{}, downside{}, equity, peak, drop{};
  Column wealth, wealth_peak, drop_fraction{};
};

/// Statistics of one lane after `count` intervals, by Statistic, followed by each symbol's P&L.
/// NaN where one is undefined.
std::vector<double> statistics(const Sums& sums, int lane, double count, double capital,
                               const ReplayMeasure& measure);

/// Standard errors of all statistics of the first `points` lanes, [lane][statistic], by the
/// stationary bootstrap: the standard deviation over resamples, those left out in which a statistic
/// is undefined.
std::vector<std::vector<double>> bootstrap_errors(const IntervalSeries& series, std::size_t sums,
                                                  const ReplayMeasure& measure, int points,
                                                  int lanes, const Column& capital);

/// Skewness and kurtosis of a lane's returns; NaN where they do not vary.
std::pair<double, double> shape_of(const IntervalSeries& series, int lane);

}  // namespace quotesweep
