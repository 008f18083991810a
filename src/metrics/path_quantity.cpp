#include "metrics/path_quantity.hpp"

namespace quotesweep {
namespace {

bool has_definition(PathQuantity quantity) {
  return quantity < PathQuantity::downside_square || quantity > PathQuantity::negative_prices;
}

}  // namespace

std::string_view name_of(PathQuantity quantity) {
  if (has_definition(quantity)) return definition_of(quantity).name;
  if (quantity == PathQuantity::downside_square) return "downside_square";
  return quantity == PathQuantity::clamped_fills ? "clamped_fills" : "negative_prices";
}

int powers_of_lot(PathQuantity quantity) {
  if (quantity == PathQuantity::downside_square) return 2;
  if (!has_definition(quantity)) return 0;
  const auto unit = definition_of(quantity).unit;
  return unit == "money" || unit == "units" ? 1 : 0;
}

const std::array<MetricDefinition, metric_count>& metric_definitions() {
  static constexpr std::array<MetricDefinition, metric_count> definitions{{
      {"pnl", "money", "E_n - E_0: equity (capital + cash + inventory x mid) at T less at 0",
       Better::higher},
      {"max_drawdown", "money", "max over steps of (running peak of equity, E_0 included) - equity",
       Better::lower},
      {"max_drawdown_pct", "1",
       "max over steps of ((running peak of equity) - equity) / (running peak); a fraction",
       Better::lower},
      {"turnover", "1", "sum over fills of |quantity| x fill price, divided by capital",
       Better::neither},
      {"trades", "1", "number of fills", Better::neither},
      {"path_sharpe", "1",
       "mean / sd (ddof 1) of the P&L increments of one path on the clock metrics.clock, not "
       "annualised; undefined (NaN, not averaged) where the increments do not vary",
       Better::higher},
      {"path_sortino", "1",
       "(mean - metrics.target) / sqrt(mean(min(x - metrics.target, 0)^2)) of the P&L increments x "
       "of one path on the clock metrics.clock, not annualised; undefined (NaN, not averaged) "
       "where no increment is below the target",
       Better::higher},
      {"mean_abs_inventory", "units", "mean over steps of |inventory| after the fills",
       Better::lower},
      {"terminal_inventory", "units", "inventory at T", Better::neither},
  }};
  return definitions;
}

const std::array<MetricDefinition, detail_count>& detail_definitions() {
  static constexpr std::array<MetricDefinition, detail_count> definitions{{
      {"pnl_spread", "money",
       "part of pnl: sum over fills of quantity x distance of the quote from the mid, less what "
       "the "
       "pair signal had moved the quote by (pnl_bias)",
       Better::higher},
      {"pnl_fees", "money", "part of pnl: maker fees paid, negative, or rebates received, positive",
       Better::higher},
      {"pnl_inventory", "money",
       "part of pnl: sum over steps of inventory x move of the mid (mark to market)",
       Better::higher},
      {"pnl_bias", "money",
       "part of pnl: sum over fills of quantity x what the pair signal had moved the quote by, as "
       "a "
       "gain or a concession against the mid",
       Better::higher},
      {"pnl_pair", "money",
       "part of pnl: gain of the position in the spread of the pair, less its spreads, slippage "
       "and "
       "taker fees",
       Better::higher},
      {"pnl_liquidation", "money",
       "part of pnl: spread, slippage and taker fees of what stops sold and bought at market",
       Better::higher},
      {"realized_pnl", "money",
       "gain of the quoted inventory that fills and stops have realised against its average entry "
       "price, before fees",
       Better::higher},
      {"unrealized_pnl", "money", "terminal inventory x (mid at T - average entry price)",
       Better::neither},
      {"total_return", "1", "pnl / capital", Better::higher},
      {"calmar", "1",
       "total_return / max_drawdown_pct; undefined (NaN, not averaged) without a drawdown",
       Better::higher},
      {"pnl_per_trade", "money", "pnl / trades; undefined (NaN, not averaged) without trades",
       Better::higher},
      {"round_trips", "1",
       "number of times that the quoted inventory came back to zero or changed its sign",
       Better::neither},
      {"win_rate", "1",
       "share of round trips with a gain after fees; undefined (NaN, not averaged) without any",
       Better::higher},
      {"fill_win_rate", "1",
       "share of fills against the inventory that realised a gain before fees; undefined (NaN, not "
       "averaged) without any",
       Better::higher},
      {"holding_time", "time",
       "mean length of a round trip, the one that is open at T included; undefined (NaN, not "
       "averaged) without any",
       Better::lower},
      {"inventory_turnover", "1",
       "units bought and sold / mean_abs_inventory; undefined (NaN, not averaged) without "
       "inventory",
       Better::neither},
      {"time_at_limit", "1",
       "share of steps in which an inventory or leverage limit took a quote away", Better::lower},
      {"orders", "1", "number of orders sent: a quote that is new or has another price",
       Better::lower},
      {"stops", "1", "number of stops of every reason", Better::lower},
      {"stops_drawdown", "1", "number of stops by risk.drawdown_stop", Better::lower},
      {"stops_var", "1", "number of stops by risk.var_limit", Better::lower},
      {"stops_kill", "1", "number of stops by risk.kill_loss", Better::lower},
      {"stop_time", "time",
       "time of the first stop; undefined (NaN, not averaged) where there was none",
       Better::neither},
      {"time_out", "1", "share of steps out of the market after a stop", Better::lower},
      {"pair_time", "1", "share of steps with an active pair signal", Better::neither},
      {"pair_time_after_break", "1",
       "share of the steps after market.break_time with an active pair signal; undefined (NaN, not "
       "averaged) without a break",
       Better::lower},
  }};
  return definitions;
}

}  // namespace quotesweep
