#include "experiment/parameter_rows.hpp"

namespace quotesweep {
namespace {

using namespace rows;

constexpr std::string_view fill_names[] = {"trade_through", "touch", "path"};
constexpr std::string_view no_room_names[] = {"reject", "cut"};
constexpr std::string_view order_names[] = {"buys", "sells", "worse", "random"};

bool has_ladder(const Scenario& s) {
  return is_ladder(s.strategy.name);
}
bool has_levels(const Scenario& s) {
  return s.strategy.name == StrategyName::tokyo || s.strategy.name == StrategyName::mexico;
}
bool has_rolling_volatility(const Scenario& s) {
  return s.strategy.name == StrategyName::stoikov || s.strategy.name == StrategyName::mexico;
}
bool is_stoikov(const Scenario& s) {
  return s.strategy.name == StrategyName::stoikov || s.strategy.name == StrategyName::vanilla;
}
bool is_mexico(const Scenario& s) {
  return s.strategy.name == StrategyName::mexico;
}
bool has_choice_of_side(const Scenario& s) {
  return s.orders.rule != FillRule::path;
}
constexpr auto ladder_text = "strategy.name: tokyo, stoikov, vanilla or mexico";
constexpr auto levels_text = "strategy.name: tokyo or mexico";
constexpr auto rolling_text = "strategy.name: stoikov or mexico";
constexpr auto stoikov_text = "strategy.name: stoikov or vanilla";
constexpr auto mexico_text = "strategy.name: mexico";

template <auto Member>
Parameter mexico(std::string_view name, std::string_view meaning) {
  return where(number<&Scenario::ladder, Member>(name, "1", any, meaning), is_mexico, mexico_text);
}

std::vector<Parameter> order_parameters() {
  return {
      choice<&Scenario::orders, &OrderTerms::rule>(
          "orders.fill", fill_names,
          "what fills a resting order: trade_through (the bar trades a tick beyond its price), "
          "touch "
          "(at its price), or path (touch, along open, nearer extreme, other extreme, close; an "
          "order that crosses the open trades there as taker)"),
      where(choice<&Scenario::orders, &OrderTerms::order>(
                "orders.first", order_names,
                "which side a bar fills first: buys, sells, the worse for the wallet, or random"),
            has_choice_of_side, "orders.fill: trade_through or touch"),
      integer<&Scenario::orders, &OrderTerms::life>("orders.life", "bars", {1.0, 1000.0},
                                                    "bars for which an order stays open"),
      integer<&Scenario::orders, &OrderTerms::latency>(
          "orders.latency", "bars", {0.0, 100.0}, "bars from sending an order until it is open"),
      number<&Scenario::orders, &OrderTerms::lot>(
          "orders.lot", "units", not_negative,
          "sizes are rounded down to multiples of it; 0 is any size"),
      number<&Scenario::orders, &OrderTerms::min_value>("orders.min_value", "money", not_negative,
                                                        "orders of a lower value are rejected"),
      choice<&Scenario::orders, &OrderTerms::no_room>(
          "orders.no_room", no_room_names,
          "what becomes of an order that max_leverage or q_max leaves no room for: reject, or cut "
          "to "
          "what fits"),
      flag<&Scenario::orders, &OrderTerms::post_only>(
          "orders.post_only",
          "whether quotes stay on their side: a bid a tick below the best ask and an ask a tick "
          "above "
          "the best bid, without a book not beyond the mid; in a replay an order that would "
          "trade at the open is moved to a tick behind it, without ticks to the next number behind "
          "it"),
      flag<&Scenario::orders, &OrderTerms::close_at_end>(
          "orders.close_at_end", "whether positions are closed at the last bar's open, as taker"),
  };
}

std::vector<Parameter> ladder_parameters() {
  return {
      where(integer<&Scenario::ladder, &LadderTerms::levels>("strategy.levels", "1", {1.0, 20.0},
                                                             "orders at each side"),
            has_levels, levels_text),
      where(number<&Scenario::ladder, &LadderTerms::min_spread>(
                "strategy.min_spread", "1", {0.0, 1.0},
                "lowest distance of an order from the open, as a fraction of it; spread of tokyo"),
            has_ladder, ladder_text),
      where(number<&Scenario::ladder, &LadderTerms::gamma_spread>(
                "strategy.gamma_spread", "1", any,
                "widening of the spread per squared volatility, as a fraction of the open"),
            is_stoikov, stoikov_text),
      mexico<&LadderTerms::constant_spread>("strategy.constant_spread",
                                            "spacing of levels, as a fraction of the open"),
      mexico<&LadderTerms::vol_factor>("strategy.vol_factor",
                                       "widening of the spacing per rolling volatility"),
      mexico<&LadderTerms::spread_mom_factor>("strategy.spread_mom_factor",
                                              "widening of the spacing per |momentum|"),
      mexico<&LadderTerms::q_factor>(
          "strategy.q_factor",
          "shift of the reservation price per position / largest position, downwards where long"),
      mexico<&LadderTerms::upnl_factor>(
          "strategy.upnl_factor", "shift of the reservation price per unrealised P&L / margin"),
      mexico<&LadderTerms::mean_revert_factor>(
          "strategy.mean_revert_factor",
          "shift of the reservation price per deviation from the SMA"),
      mexico<&LadderTerms::momentum_factor>("strategy.momentum_factor",
                                            "shift of the reservation price per momentum"),
      where(flag<&Scenario::ladder, &LadderTerms::adaptive_sizes>(
                "strategy.adaptive_sizes",
                "whether levels share what is left up to the largest position"),
            is_mexico, mexico_text),
      flag<&Scenario::ladder, &LadderTerms::origin_conventions>(
          "strategy.origin_conventions",
          "whether to do as the framework that these strategies come from: q_factor raises "
          "prices where long, mexico's min_spread is a price, prices are rounded to the "
          "nearest tick, order checks use the reservation price and forget emergency exits, "
          "an early stop leaves positions unsold"),
  };
}

std::vector<Parameter> window_parameters() {
  return {
      where(integer<&Scenario::windows, &IndicatorWindows::volatility>(
                "signal.window_volatility", "bars", {2.0, 1e6},
                "window of the rolling volatility of log returns"),
            has_rolling_volatility, rolling_text),
      where(integer<&Scenario::windows, &IndicatorWindows::sma>(
                "signal.window_sma", "bars", {1.0, 1e6}, "window of the simple moving average"),
            is_mexico, mexico_text),
      where(integer<&Scenario::windows, &IndicatorWindows::momentum>(
                "signal.window_momentum", "bars", {1.0, 1e6}, "window of the momentum"),
            is_mexico, mexico_text),
      integer<&Scenario::warm_up>("signal.warm_up", "bars", {0.0, 1e9},
                                  "bars before the first quotes"),
  };
}

std::vector<Parameter> margin_parameters() {
  return {
      number<&Scenario::margin, &MarginTerms::max_leverage>(
          "risk.max_leverage", "1", not_negative,
          "largest sum over symbols of what is held and rests, each by its heavier side, over the "
          "margin, and of one symbol over its share of the margin; an order that would lead beyond "
          "is treated by orders.no_room; 0 is without bound"),
      where(number<&Scenario::margin, &MarginTerms::aggressivity>(
                "risk.aggressivity", "1", {0.0, 1.0},
                "share of the largest position that the orders of a bar and side may add"),
            has_ladder, ladder_text),
      number<&Scenario::margin, &MarginTerms::emergency_leverage>(
          "risk.emergency_leverage", "1", not_negative,
          "position x open over the symbol's share of the margin at which the position is closed "
          "at "
          "market; all are where the positions together reach max_leverage; 0 is never"),
      number<&Scenario::margin, &MarginTerms::early_stop>(
          "risk.early_stop", "1", share, "share of the capital at whose margin trading ends"),
      one_for_all(integer<&Scenario::bootstrap, &BootstrapChoice::resamples>(
          "metrics.bootstrap", "1", {0.0, 1e6},
          "resamples for the standard errors; 0 is without errors")),
      one_for_all(integer<&Scenario::windows_of_replay>(
          "metrics.windows", "1", {0.0, 1000.0},
          "windows of equal length into which the tape's clock intervals are cut; the returns of "
          "each are kept for walk-forward tests and the probability of backtest overfitting; 0 is "
          "16, "
          "or as many of two intervals as there are")),
      one_for_all(number<&Scenario::bootstrap, &BootstrapChoice::mean_block>(
          "metrics.bootstrap_block", "clock intervals", not_negative,
          "mean length of a resampled block; 0 is the cube root of the number of intervals")),
  };
}

}  // namespace

std::vector<Parameter> replay_parameters() {
  auto all = order_parameters();
  for (const auto& part : {ladder_parameters(), window_parameters(), margin_parameters()})
    all.insert(all.end(), part.begin(), part.end());
  for (auto& row : all)
    row.engines = row.name == "orders.post_only" ? Engines::both : Engines::replay;
  return all;
}

}  // namespace quotesweep
