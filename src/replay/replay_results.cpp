#include "replay/replay_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace quotesweep {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

/// Means and standard deviations of a lane's returns, window by window.
void add_windows(const IntervalSeries& series, const std::vector<ReplayWindow>& windows, int lane,
                 std::vector<double>& results) {
  std::vector<double> deviations;
  for (const auto& window : windows) {
    Spread<double> spread;
    for (std::size_t i = 0; i < window.intervals; ++i)
      spread.add(series.returns(window.first_interval + i, lane));
    results.push_back(spread.mean);
    deviations.push_back(spread.sd());
  }
  results.insert(results.end(), deviations.begin(), deviations.end());
}

/// Statistics of a lane of a register, each followed by its error.
std::vector<double> estimates(const std::vector<Octet>& values, const std::vector<Octet>& errors,
                              int lane) {
  std::vector<double> row;
  for (std::size_t i = 0; i < values.size(); ++i) {
    row.push_back(values[i][lane]);
    row.push_back(errors[i][lane]);
  }
  return row;
}

/// What is counted bar by bar, and has no error of its own.
void add_counts(const ReplayRunner& runner, const IntervalSeries& series, int lane,
                std::size_t bars, std::vector<double>& row) {
  row[2 * resampled_drawdown] = runner.max_drawdown()[lane];
  row[2 * resampled_drawdown_pct] = runner.max_drawdown_pct()[lane];
  const auto [skewness, kurtosis] = shape_of(series, lane);
  const auto& counts = runner.counts();
  const auto& events = runner.events();
  const double stop = events.stop_bar[lane];
  const double exposure =
      runner.exposure()[lane] / (runner.capital()[lane] * static_cast<double>(bars));
  row.insert(row.end(),
             {skewness, kurtosis, exposure, static_cast<double>(series.size()), counts.sent[lane],
              counts.fills[lane], counts.sent[lane] - counts.fills[lane],
              counts.rejected_value[lane], counts.rejected_room[lane], counts.flips[lane],
              events.emergencies[lane], events.stopped[lane], events.liquidated[lane],
              stop < 0.0 ? undefined : stop, std::max(0.0, -runner.wallet().margin[lane])});
}

}  // namespace

std::vector<ResultDefinition> replay_definitions(const std::vector<std::string>& symbols,
                                                 std::size_t windows) {
  using Kind = ResultDefinition::Kind;
  std::vector<ResultDefinition> all;
  const auto estimate = [&](const std::string& name, const char* unit, const std::string& what,
                            const char* better, const char* covers = "") {
    all.push_back({name, unit, what, Kind::real, better});
    all.push_back(
        {name + "_se", unit,
         fmt::format(
             "standard error by the stationary bootstrap over clock intervals, NaN of fewer "
             "than {:g} blocks{} of: {}",
             least_blocks, covers, what),
         Kind::real, ""});
  };
  const auto number = [&](const std::string& name, const char* unit, const char* what,
                          const char* better = "") {
    all.push_back({name, unit, what, Kind::real, better});
  };
  const auto count = [&](const char* name, const char* what) {
    all.push_back({name, "1", what, Kind::count, ""});
  };
  estimate("pnl", "money", "margin at the end less the capital; margin = wallet + unrealised P&L",
           "higher");
  estimate("total_return", "1", "pnl / capital", "higher");
  estimate("sharpe", "1",
           "mean / sd (ddof 1) of the margin's returns over clock intervals x sqrt(intervals per "
           "year by the tape's own clock); undefined where they do not vary; where liquidated is "
           "1, over a "
           "tape whose returns are those of the loss and then 0",
           "higher");
  estimate(
      "sortino", "1",
      "(mean return - target) / sqrt(mean(min(return - target, 0)^2)), annualised like sharpe; "
      "undefined where no return is below metrics.target",
      "higher");
  const char* activity =
      ", too small where activity stays high or low, as at a full position, for longer than a "
      "block,";
  estimate("turnover", "1", "sum of |quantity| x price of all trades, over capital", "", activity);
  estimate("fees", "money", "maker and taker fees paid; negative is a rebate", "lower", activity);
  estimate("trades", "1", "orders that were filled and trades at market", "", activity);
  estimate("win_rate", "1",
           "share of the trades that closed something which gained by it, before fees; undefined "
           "where none closed anything",
           "higher", activity);
  const char* drawdown =
      ", that of drawdowns of resampled intervals, which are larger or smaller than this one's,";
  estimate("max_drawdown", "money",
           "largest fall of the margin from its running peak, at closes; its error is that of "
           "resampled intervals",
           "lower", drawdown);
  estimate("max_drawdown_pct", "1",
           "largest fall of the margin from its running peak over that peak, at closes; its error "
           "is that of resampled intervals",
           "lower", drawdown);
  for (const auto& symbol : symbols)
    estimate("pnl_" + symbol, "money", "P&L of " + symbol + ", after fees", "higher");
  number("return_skewness", "1", "skewness of the margin's returns over clock intervals");
  number("return_kurtosis", "1", "kurtosis of the same returns, 3 for a normal law");
  number("mean_exposure", "1", "mean over bars of the sum of |position| x price, over capital");
  count("intervals", "number of clock intervals");
  count("orders", "orders sent");
  count("orders_filled", "orders filled");
  count("orders_cancelled", "orders cancelled");
  count("rejected_value", "orders rejected because their value was too small");
  count("rejected_leverage",
        "orders rejected because with them what is held and rests could have been more than "
        "max_leverage or q_max allows");
  count("flips", "trades that turned a long position short or a short one long");
  count("emergency_exits", "positions closed at market because of their leverage");
  count("early_stop", "1 where trading ended because the margin fell to risk.early_stop, else 0");
  count("liquidated",
        "1 where the margin was used up: at an open, by its prices, or after all was sold; else 0");
  number("stop_bar", "1", "bar of the early stop or liquidation, from 0; undefined without one");
  number("shortfall", "money",
         "what the account cannot pay after a liquidation: margin at the end below zero, else 0",
         "lower");
  const auto row = [&](const char* name, const char* what) {
    all.push_back({name, "1", what, Kind::real, "", windows});
  };
  row("window_return", "mean return of the margin over the clock intervals of a window");
  row("window_return_sd", "standard deviation (ddof 1) of the same returns");
  return all;
}

std::vector<std::vector<double>> replay_results(ReplayRunner& runner, const Tape& tape,
                                                const ReplayMeasure& measure, std::size_t points) {
  IntervalSeries series(replay_sum_count + runner.symbols(), runner.capital());
  for (const std::size_t end : measure.clock.ends) {
    runner.run_to(end + 1);
    series.add(runner.mark(), runner.lanes());
  }
  const BootstrapRun whole{0, static_cast<std::uint32_t>(series.size())};
  std::vector<std::vector<double>> results;
  for (std::size_t pack = 0; results.size() < points; ++pack) {
    const auto values =
        statistics(sum_over(series, pack, {&whole, 1}, measure.target), series, pack, measure);
    const auto errors = bootstrap_errors(series, pack, measure);
    for (int i = 0; i < lane_step && results.size() < points; ++i) {
      auto& row = results.emplace_back(estimates(values, errors, i));
      add_counts(runner, series, static_cast<int>(pack) * lane_step + i, tape.size(), row);
      add_windows(series, measure.windows, static_cast<int>(pack) * lane_step + i, row);
    }
  }
  return results;
}

}  // namespace quotesweep
