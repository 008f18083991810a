#include "experiment/parameter_rows.hpp"

namespace quotesweep {
namespace {

using namespace rows;

constexpr std::string_view strategy_names[] = {
    "avellaneda_stoikov", "symmetric", "glft", "tokyo", "stoikov", "vanilla", "mexico"};
constexpr std::string_view half_spread_names[] = {"current", "average"};
constexpr std::string_view form_names[] = {"exact", "asymptotic", "closed_form"};
constexpr std::string_view fair_value_names[] = {"mid", "microprice"};

bool is_symmetric(const Scenario& s) {
  return s.strategy.name == StrategyName::symmetric;
}
bool is_glft(const Scenario& s) {
  return s.strategy.name == StrategyName::glft;
}
bool is_averse(const Scenario& s) {
  return !is_replay(s) ||
         (s.strategy.name != StrategyName::tokyo && s.strategy.name != StrategyName::mexico);
}
bool is_pair(const Scenario& s) {
  return s.market.model == MarketModel::cointegrated;
}
constexpr auto pair_text = "market.model: cointegrated";

std::vector<Parameter> rule_parameters() {
  return {
      both(choice<&Scenario::strategy, &StrategyTerms::name>(
          "strategy.name", strategy_names,
          "quoting rule: avellaneda_stoikov (2008), symmetric (its half spread without the skew), "
          "or glft (Gueant, Lehalle and Fernandez-Tapia 2013, optimal under the limit q_max); only "
          "in "
          "a replay: tokyo (a symmetric ladder), stoikov (skewed by inventory and the rolling "
          "volatility), vanilla (by sigma and the time left), mexico (by inventory, unrealised "
          "P&L, "
          "SMA deviation and momentum)")),
      both(where(
          number<&Scenario::strategy, &StrategyTerms::gamma>(
              "strategy.gamma", "1 / money", positive,
              "risk aversion per money, which is price x units: an order of strategy.quantity "
              "units "
              "is one lot, and the risk aversion per lot gamma x quantity, so that another unit "
              "leaves gamma and all results as they are; of stoikov and vanilla it is per unit "
              "held (1 / units), and another unit changes it like 1 / quantity"),
          is_averse,
          "market.model: brownian or cointegrated, or a replay by another strategy.name than tokyo "
          "or mexico")),
      both(where(
          choice<&Scenario::strategy, &StrategyTerms::half_spread>(
              "strategy.half_spread", half_spread_names,
              "of the symmetric strategy: current (narrows with the time left) or average (its "
              "mean over the steps, held constant)"),
          is_symmetric, "strategy.name: symmetric")),
      both(where(
          choice<&Scenario::strategy, &StrategyTerms::form>(
              "strategy.form", form_names,
              "of the glft strategy: exact for the finite horizon, asymptotic (far from it), or "
              "the closed_form approximation of the asymptotic quotes"),
          is_glft, "strategy.name: glft")),
      flag<&Scenario::strategy, &StrategyTerms::floor_quotes>(
          "strategy.floor_quotes", "whether negative distances from the mid become zero"),
      both(where(number<&Scenario::strategy, &StrategyTerms::horizon>(
                     "strategy.horizon", "time", not_negative,
                     "constant time left that quotes reckon with; 0 is what is left to T"),
                 quotes_distances, distances_text)),
  };
}

std::vector<Parameter> shape_parameters() {
  return {
      choice<&Scenario::strategy, &StrategyTerms::fair_value>(
          "strategy.fair_value", fair_value_names,
          "what quotes are made around: the mid, or the microprice (ask x bid size + bid x ask "
          "size) / (bid size + ask size) of the book top"),
      number<&Scenario::strategy, &StrategyTerms::min_half_spread>(
          "strategy.min_half_spread", "bps", {0.0, 1e4}, "lowest half spread, in 1e-4 of the mid"),
      number<&Scenario::strategy, &StrategyTerms::max_half_spread>(
          "strategy.max_half_spread", "bps", {0.0, 1e4},
          "highest half spread, in 1e-4 of the mid; 0 is without bound"),
      number<&Scenario::strategy, &StrategyTerms::phi>(
          "strategy.phi", "price / unit", any,
          "shift of both quotes per unit of inventory, downwards where long"),
      where(number<&Scenario::strategy, &StrategyTerms::pair_bias>(
                "strategy.pair_bias", "half spreads", {-100.0, 100.0},
                "shift of both quotes per unit of the pair signal; a positive signal raises them"),
            is_pair, pair_text),
      where(number<&Scenario::strategy, &StrategyTerms::pair_quantity>(
                "strategy.pair_quantity", "units", not_negative,
                "position in the spread of the pair while its signal acts, taken and given up at "
                "market in both legs"),
            is_pair, pair_text),
      both(where(number<&Scenario::strategy, &StrategyTerms::quantity>(
                     "strategy.quantity", "units", positive,
                     "base size of an order: one lot, in which quoting rules count inventory"),
                 quotes_distances, distances_text)),
      number<&Scenario::strategy, &StrategyTerms::size_volatility>(
          "strategy.size_volatility", "1", share,
          "share of a size that shrinks as sigma / estimate where the estimated volatility is "
          "above the model's"),
      number<&Scenario::strategy, &StrategyTerms::size_inventory>(
          "strategy.size_inventory", "1", share,
          "share of a size taken away at q_max on the side that adds to inventory, in proportion "
          "to |inventory|"),
  };
}

}  // namespace

std::vector<Parameter> strategy_parameters() {
  auto all = rule_parameters();
  const auto shape = shape_parameters();
  all.insert(all.end(), shape.begin(), shape.end());
  return all;
}

}  // namespace quotesweep
