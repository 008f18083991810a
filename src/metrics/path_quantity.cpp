#include "metrics/path_quantity.hpp"

namespace quotesweep {

const std::array<MetricDefinition, metric_count>& metric_definitions() {
  static constexpr std::array<MetricDefinition, metric_count> definitions{{
      {"pnl", "price", "E_n - E_0: equity (capital + cash + inventory x mid) at T less at 0",
       Better::higher},
      {"max_drawdown", "price", "max over steps of (running peak of equity, E_0 included) - equity",
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

}  // namespace quotesweep
