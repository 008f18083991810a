#include "replay/replay_results.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace quotesweep {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

/// A statistic of a series of intervals that is resampled, and how it is called.
enum Statistic {
  pnl,
  total_return,
  sharpe_ratio,
  sortino_ratio,
  turnover,
  fees,
  trades,
  win_rate,
  resampled_drawdown,
  resampled_drawdown_pct,
  first_symbol_pnl
};

/// What each interval brought, [interval][series] over lanes: the changes of the sums, and with it
/// the return of the margin.
class IntervalSeries {
 public:
  IntervalSeries(std::size_t sums, const Column& capital) : sums_(sums), before_(sums) {
    before_[margin_sum] = capital;
  }

  void add(const ReplayMark& mark, int lanes) {
    std::vector<Column> row(sums_ + 1);
    for (int lane = 0; lane < lanes; ++lane) {
      const double before = before_[margin_sum][lane], now = mark[margin_sum][lane];
      row[sums_][lane] = before > 0.0 ? now / before - 1.0 : 0.0;
    }
    for (std::size_t sum = 0; sum < sums_; ++sum)
      for (int lane = 0; lane < lanes; ++lane)
        row[sum][lane] = mark[sum][lane] - before_[sum][lane];
    before_ = mark;
    rows_.push_back(std::move(row));
  }

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
  Sums(std::size_t sums, const Column& capital) : changes(sums), equity(capital), peak(capital) {
    for (int lane = 0; lane < lane_count; ++lane) wealth[lane] = wealth_peak[lane] = 1.0;
  }

  void add(const IntervalSeries& series, std::size_t interval, double target, int lanes) {
    const auto& r = series.returns(interval);
    const auto& change = series.change(interval, margin_sum);
#pragma omp simd
    for (int lane = 0; lane < lanes; ++lane) {
      const double x = r[lane], below = x < target ? x - target : 0.0;
      returns[lane] += x;
      squares[lane] += x * x;
      downside[lane] += below * below;
      const double now = equity[lane] + change[lane], top = now > peak[lane] ? now : peak[lane];
      equity[lane] = now;
      peak[lane] = top;
      drop[lane] = top - now > drop[lane] ? top - now : drop[lane];
      const double worth = wealth[lane] * (1.0 + x);
      const double best = worth > wealth_peak[lane] ? worth : wealth_peak[lane];
      const double fraction = 1.0 - worth / best;
      wealth[lane] = worth;
      wealth_peak[lane] = best;
      drop_fraction[lane] = fraction > drop_fraction[lane] ? fraction : drop_fraction[lane];
    }
    for (std::size_t sum = 0; sum < changes.size(); ++sum) {
      const auto& step = series.change(interval, sum);
#pragma omp simd
      for (int lane = 0; lane < lanes; ++lane) changes[sum][lane] += step[lane];
    }
  }

  std::vector<Column> changes;
  Column returns{}, squares{}, downside{}, equity, peak, drop{};
  Column wealth, wealth_peak, drop_fraction{};
};

/// Statistics of one lane after `count` intervals, by Statistic.
std::vector<double> statistics(const Sums& sums, int lane, double count, double capital,
                               const ReplayMeasure& measure) {
  const double mean = sums.returns[lane] / count;
  const double variance = (sums.squares[lane] - count * mean * mean) / (count - 1.0);
  const bool varies = variance > 1e-13 * sums.squares[lane];
  const double year = std::sqrt(measure.clock.intervals_per_year);
  const double down = std::sqrt(sums.downside[lane] / count);
  const auto sum = [&](std::size_t which) { return sums.changes[which][lane]; };
  std::vector<double> all{sum(margin_sum),
                          sum(margin_sum) / capital,
                          varies ? year * mean / std::sqrt(variance) : undefined,
                          down > 0.0 ? year * (mean - measure.target) / down : undefined,
                          sum(turnover_sum) / capital,
                          sum(fees_sum),
                          sum(trades_sum),
                          sum(closings_sum) > 0.0 ? sum(wins_sum) / sum(closings_sum) : undefined,
                          sums.drop[lane],
                          sums.drop_fraction[lane]};
  for (std::size_t i = replay_sum_count; i < sums.changes.size(); ++i) all.push_back(sum(i));
  return all;
}

/// Mean and squares of what resamples gave; those that are undefined are left out.
struct Spread {
  double count = 0.0, mean = 0.0, squares = 0.0;
  void add(double value) {
    if (std::isnan(value)) return;
    const double delta = value - mean;
    count += 1.0;
    mean += delta / count;
    squares += delta * (value - mean);
  }
  double sd() const { return count > 1.0 ? std::sqrt(squares / (count - 1.0)) : undefined; }
};

/// Standard errors of all statistics, [lane][statistic].
std::vector<std::vector<double>> bootstrap_errors(const IntervalSeries& series, std::size_t sums,
                                                  const ReplayMeasure& measure, int points,
                                                  int lanes, const Column& capital) {
  std::vector<std::vector<Spread>> spreads(static_cast<std::size_t>(points));
  for (std::size_t number = 0; number < measure.bootstrap.resamples; ++number) {
    Sums resampled(sums, capital);
    for (const auto& run : resample(measure.bootstrap, number))
      for (std::size_t i = 0; i < run.count; ++i)
        resampled.add(series, run.first + i, measure.target, lanes);
    for (int lane = 0; lane < points; ++lane) {
      const auto found =
          statistics(resampled, lane, static_cast<double>(series.size()), capital[lane], measure);
      auto& spread = spreads[static_cast<std::size_t>(lane)];
      spread.resize(found.size());
      for (std::size_t i = 0; i < found.size(); ++i) spread[i].add(found[i]);
    }
  }
  std::vector<std::vector<double>> errors;
  for (const auto& spread : spreads) {
    auto& row = errors.emplace_back();
    for (const auto& one : spread) row.push_back(one.sd());
    row.resize(first_symbol_pnl + sums - replay_sum_count, undefined);
  }
  return errors;
}

/// Skewness and kurtosis of a lane's returns.
std::pair<double, double> shape_of(const IntervalSeries& series, int lane) {
  const auto n = static_cast<double>(series.size());
  double mean = 0.0, m2 = 0.0, m3 = 0.0, m4 = 0.0;
  for (std::size_t i = 0; i < series.size(); ++i) mean += series.returns(i)[lane] / n;
  for (std::size_t i = 0; i < series.size(); ++i) {
    const double d = series.returns(i)[lane] - mean;
    m2 += d * d / n;
    m3 += d * d * d / n;
    m4 += d * d * d * d / n;
  }
  if (!(m2 > 0.0)) return {undefined, undefined};
  return {m3 / (m2 * std::sqrt(m2)), m4 / (m2 * m2)};
}

/// Means and standard deviations of a lane's returns, window by window.
void add_windows(const IntervalSeries& series, const std::vector<ReplayWindow>& windows, int lane,
                 std::vector<double>& results) {
  std::vector<double> deviations;
  for (const auto& window : windows) {
    Spread spread;
    for (std::size_t i = 0; i < window.intervals; ++i)
      spread.add(series.returns(window.first_interval + i)[lane]);
    results.push_back(spread.mean);
    deviations.push_back(spread.sd());
  }
  results.insert(results.end(), deviations.begin(), deviations.end());
}

}  // namespace

std::vector<ResultDefinition> replay_definitions(const std::vector<std::string>& symbols,
                                                 std::size_t windows) {
  using Kind = ResultDefinition::Kind;
  std::vector<ResultDefinition> all;
  const auto estimate = [&](const std::string& name, const char* unit, const std::string& what,
                            const char* better) {
    all.push_back({name, unit, what, Kind::real, better});
    all.push_back({name + "_se", unit,
                   "standard error by the stationary bootstrap over clock intervals of: " + what,
                   Kind::real, ""});
  };
  const auto number = [&](const std::string& name, const char* unit, const char* what,
                          const char* better = "") {
    all.push_back({name, unit, what, Kind::real, better});
  };
  const auto count = [&](const char* name, const char* what) {
    all.push_back({name, "1", what, Kind::count, ""});
  };
  estimate("pnl", "price", "margin at the end less the capital; margin = wallet + unrealised P&L",
           "higher");
  estimate("total_return", "1", "pnl / capital", "higher");
  estimate("sharpe", "1",
           "mean / sd (ddof 1) of the margin's returns over clock intervals x sqrt(intervals per "
           "year by the tape's own clock); undefined where they do not vary",
           "higher");
  estimate(
      "sortino", "1",
      "(mean return - target) / sqrt(mean(min(return - target, 0)^2)), annualised like sharpe; "
      "undefined where no return is below metrics.target",
      "higher");
  estimate("turnover", "1", "sum of |quantity| x price of all trades, over capital", "");
  estimate("fees", "price", "maker and taker fees paid; negative is a rebate", "lower");
  estimate("trades", "1", "orders that were filled and trades at market", "");
  estimate("win_rate", "1",
           "share of the trades that closed something which gained by it, before fees; undefined "
           "where none closed anything",
           "higher");
  estimate("max_drawdown", "price",
           "largest fall of the margin from its running peak, at closes; its error is that of "
           "resampled intervals",
           "lower");
  estimate("max_drawdown_pct", "1",
           "largest fall of the margin from its running peak over that peak, at closes; its error "
           "is that of resampled intervals",
           "lower");
  for (const auto& symbol : symbols)
    estimate("pnl_" + symbol, "price", "P&L of " + symbol + ", after fees", "higher");
  number("return_skewness", "1", "skewness of the margin's returns over clock intervals");
  number("return_kurtosis", "1", "kurtosis of the same returns, 3 for a normal law");
  number("mean_exposure", "1", "mean over bars of the sum of |position| x price, over capital");
  count("intervals", "number of clock intervals");
  count("orders", "orders sent");
  count("orders_filled", "orders filled");
  count("orders_cancelled", "orders cancelled");
  count("rejected_value", "orders rejected because their value was too small");
  count("rejected_leverage", "orders rejected because the leverage after the fill was too high");
  count("flips", "trades that turned a long position short or a short one long");
  count("emergency_exits", "positions closed at market because of their leverage");
  count("early_stop", "1 where trading ended because the margin fell to risk.early_stop, else 0");
  count("liquidated", "1 where the margin was used up, else 0");
  number("stop_bar", "1", "bar of the early stop or liquidation, from 0; undefined without one");
  const auto row = [&](const char* name, const char* what) {
    all.push_back({name, "1", what, Kind::real, "", windows});
  };
  row("window_return", "mean return of the margin over the clock intervals of a window");
  row("window_return_sd", "standard deviation (ddof 1) of the same returns");
  return all;
}

std::vector<std::vector<double>> replay_results(ReplayRunner& runner, const Tape& tape,
                                                const ReplayMeasure& measure, std::size_t points) {
  const Column& capital = runner.capital();
  const std::size_t sums = replay_sum_count + runner.symbols();
  IntervalSeries series(sums, capital);
  std::size_t interval = 0;
  runner.run([&](std::size_t bar, const ReplayRunner& now) {
    if (bar != measure.clock.ends[interval]) return;
    series.add(now.mark(), now.lanes());
    ++interval;
  });
  const int lanes = runner.lanes(), count = static_cast<int>(points);
  Sums all(sums, capital);
  for (std::size_t i = 0; i < series.size(); ++i) all.add(series, i, measure.target, lanes);
  const auto errors = bootstrap_errors(series, sums, measure, count, lanes, capital);
  const Column drawdown_pct = runner.max_drawdown_pct();
  std::vector<std::vector<double>> results;
  for (int lane = 0; lane < count; ++lane) {
    auto values = statistics(all, lane, static_cast<double>(series.size()), capital[lane], measure);
    values[resampled_drawdown] = runner.max_drawdown()[lane];
    values[resampled_drawdown_pct] = drawdown_pct[lane];
    auto& row = results.emplace_back();
    for (std::size_t i = 0; i < values.size(); ++i) {
      row.push_back(values[i]);
      row.push_back(errors[static_cast<std::size_t>(lane)][i]);
    }
    const auto [skewness, kurtosis] = shape_of(series, lane);
    const auto& counts = runner.counts();
    const auto& events = runner.events();
    const double stop = events.stop_bar[lane];
    for (const double value :
         {skewness, kurtosis,
          runner.exposure()[lane] / (capital[lane] * static_cast<double>(tape.size())),
          static_cast<double>(series.size()), counts.sent[lane], counts.fills[lane],
          counts.sent[lane] - counts.fills[lane], counts.rejected_value[lane],
          counts.rejected_leverage[lane], counts.flips[lane], events.emergencies[lane],
          events.stopped[lane], events.liquidated[lane], stop < 0.0 ? undefined : stop})
      row.push_back(value);
    add_windows(series, measure.windows, lane, row);
  }
  return results;
}

}  // namespace quotesweep
