#include "experiment/parameter_rows.hpp"

namespace quotesweep {
namespace {

using namespace rows;

constexpr std::string_view quantiles_names[] = {"auto", "always", "never"};
constexpr std::string_view detail_names[] = {"auto", "basic", "full"};

std::vector<Parameter> limit_parameters() {
  return {
      both(number<&Scenario::risk, &RiskTerms::q_max>(
          "risk.q_max", "units", positive_or_endless,
          "inventory limit: no bid at q_max, no ask at -q_max; where every order is of "
          "strategy.quantity, the greatest multiple of that at or below it; .inf is none")),
      number<&Scenario::risk, &RiskTerms::leverage>(
          "risk.leverage", "1", not_negative,
          "largest |inventory| x mid / equity that an order may lead to; 0 is without bound"),
      number<&Scenario::risk, &RiskTerms::drawdown_stop>(
          "risk.drawdown_stop", "1", {0.0, 10.0},
          "drawdown, as a fraction of the peak of equity, at which the market maker leaves; 0 is "
          "none"),
      number<&Scenario::risk, &RiskTerms::var_limit>(
          "risk.var_limit", "1", {0.0, 1e6},
          "value at risk, as a fraction of equity, above which the market maker leaves; 0 is none"),
      number<&Scenario::risk, &RiskTerms::var_level>("risk.var_level", "1", {0.5, 0.999999},
                                                     "level of the value at risk"),
      integer<&Scenario::risk, &RiskTerms::var_window>(
          "risk.var_window", "steps", {10.0, 1e6},
          "rolling window whose P&L the value at risk is of; moves by tenths"),
      number<&Scenario::risk, &RiskTerms::kill_loss>(
          "risk.kill_loss", "1", {0.0, 10.0},
          "loss, as a fraction of capital, at which the market maker leaves for good; 0 is none"),
      number<&Scenario::risk, &RiskTerms::cooldown>(
          "risk.cooldown", "time", not_negative,
          "time out of the market after a stop; 0 is for good"),
      both(number<&Scenario::risk, &RiskTerms::slippage>(
          "risk.slippage", "ticks", {0.0, 1e6},
          "what trades at market lose beyond the best price; needs market.tick")),
      number<&Scenario::risk, &RiskTerms::max_orders>(
          "risk.max_orders", "1", {0.0, 1.6e7},
          "orders that may be sent in an order_interval; 0 is without bound"),
      number<&Scenario::risk, &RiskTerms::order_interval>("risk.order_interval", "time", positive,
                                                          "interval of max_orders"),
      integer<&Scenario::risk, &RiskTerms::open_orders>(
          "risk.open_orders", "1", {1.0, 2.0},
          "orders that may be open at a time: 2, or 1, the side that reduces the inventory"),
  };
}

std::vector<Parameter> account_parameters() {
  return {
      both(number<&Scenario::account, &AccountTerms::capital>(
          "account.capital", "money", positive, "equity at the start; turnover is relative to it")),
      number<&Scenario::account, &AccountTerms::initial_inventory>(
          "account.initial_inventory", "units", any,
          "inventory at time 0, bought at the initial price; capital includes it"),
      both(number<&Scenario::account, &AccountTerms::maker_fee>(
          "account.maker_fee", "1", {-1.0, 1.0},
          "fee per fill as a fraction of its value; negative is a rebate")),
      both(number<&Scenario::account, &AccountTerms::maker_fee_bps>(
          "account.maker_fee_bps", "bps", {-1e4, 1e4},
          "the same in 1e-4 of the value, added to maker_fee")),
      both(number<&Scenario::account, &AccountTerms::taker_fee_bps>(
          "account.taker_fee_bps", "bps", {-1e4, 1e4},
          "fee of trades at market (stops, pair) in 1e-4 of their value")),
      number<&Scenario::account, &AccountTerms::fee_per_unit>(
          "account.fee_per_unit", "money / unit", any,
          "fee of a fill per unit; negative is a rebate"),
  };
}

std::vector<Parameter> metric_parameters() {
  return {
      both(number<&Scenario::metrics, &MetricTerms::clock>(
          "metrics.clock", "time", not_negative,
          "interval of the P&L increments in path_sharpe and path_sortino; 0 is every step")),
      both(number<&Scenario::metrics, &MetricTerms::target>(
          "metrics.target", "money", any,
          "P&L per clock interval below which sortino and path_sortino count a loss")),
      number<&Scenario::metrics, &MetricTerms::annualization>(
          "metrics.annualization", "1", positive,
          "sharpe and sortino are multiplied by its root: horizons T per year"),
      one_for_all(choice<&Scenario::metrics, &MetricTerms::quantiles>(
          "metrics.quantiles", quantiles_names,
          "whether quantiles and expected shortfalls of pnl and max_drawdown are kept, at some 18 "
          "kB a point of the file; auto: up to 100,000 points")),
      one_for_all(choice<&Scenario::metrics, &MetricTerms::detail>(
          "metrics.detail", detail_names,
          "whether attribution, round trips, orders, stops and times are measured, too; auto: "
          "where "
          "any point has more than bare quotes of one lot on a Brownian mid")),
  };
}

}  // namespace

std::vector<Parameter> risk_parameters() {
  auto all = limit_parameters();
  for (const auto& part : {account_parameters(), metric_parameters()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace quotesweep
