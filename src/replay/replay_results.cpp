#include "replay/replay_results.hpp"

#include <limits>

namespace quotesweep {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

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
  for (const std::size_t end : measure.clock.ends) {
    runner.run_to(end + 1);
    series.add(runner.mark(), runner.lanes());
  }
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
