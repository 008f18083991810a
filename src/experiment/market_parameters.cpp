#include "experiment/parameter_rows.hpp"

namespace quotesweep {
namespace {

using namespace rows;

constexpr std::string_view model_names[] = {"brownian", "cointegrated", "replay"};
constexpr std::string_view moves_names[] = {"normal", "binomial"};
constexpr std::string_view probability_names[] = {"poisson", "bernoulli"};

bool has_sigma(const Scenario& s) {
  return s.market.model == MarketModel::brownian ||
         (is_replay(s) && s.strategy.name != StrategyName::tokyo &&
          s.strategy.name != StrategyName::stoikov && s.strategy.name != StrategyName::mexico);
}
bool is_pair(const Scenario& s) {
  return s.market.model == MarketModel::cointegrated;
}
constexpr auto pair_text = "market.model: cointegrated";

std::vector<Parameter> process_parameters() {
  return {
      one_for_all(both(choice<&Scenario::market, &PriceProcess::model>(
          "market.model", model_names,
          "law of the mid price: brownian, dS = drift dt + sigma dW; or cointegrated with a "
          "partner, S - S_0 = hedge_ratio (P - P_0) + X, P Brownian, dX = -spread_reversion X dt + "
          "spread_sigma dW; or replay, the bars of the study's tape"))),
      number<&Scenario::market, &PriceProcess::initial_price>("market.initial_price", "price",
                                                              positive, "mid price at time 0"),
      both(where(
          number<&Scenario::market, &PriceProcess::sigma>(
              "market.sigma", "price / sqrt(time)", not_negative, "volatility of the mid price"),
          has_sigma,
          "market.model: brownian or a replay by strategy.name: vanilla, "
          "avellaneda_stoikov, symmetric or glft")),
      number<&Scenario::market, &PriceProcess::drift>(
          "market.drift", "price / time", any,
          "drift of the mid price; of a cointegrated pair, that of the partner"),
      number<&Scenario::market, &PriceProcess::horizon>("market.T", "time", positive,
                                                        "horizon; T/dt must be an integer"),
      both(number<&Scenario::market, &PriceProcess::dt>(
          "market.dt", "time", positive,
          "length of a step; of a bar in a replay, where it is 1 by default")),
      choice<&Scenario::market, &PriceProcess::moves>(
          "market.moves", moves_names,
          "law of one move: normal, or binomial (+-sigma sqrt(dt), as in Avellaneda and Stoikov)"),
  };
}

std::vector<Parameter> pair_parameters() {
  return {
      where(number<&Scenario::pair, &PairMarket::partner_price>(
                "market.partner_price", "price", positive, "price P_0 of the partner at time 0"),
            is_pair, pair_text),
      where(number<&Scenario::pair, &PairMarket::partner_sigma>("market.partner_sigma",
                                                                "price / sqrt(time)", not_negative,
                                                                "volatility of the partner"),
            is_pair, pair_text),
      where(number<&Scenario::pair, &PairMarket::hedge_ratio>(
                "market.hedge_ratio", "1", any, "units of the partner that one unit follows"),
            is_pair, pair_text),
      where(number<&Scenario::pair, &PairMarket::spread_reversion>(
                "market.spread_reversion", "1 / time", not_negative,
                "speed theta at which the spread X reverts to 0; 0 is a random walk"),
            is_pair, pair_text),
      where(number<&Scenario::pair, &PairMarket::spread_sigma>("market.spread_sigma",
                                                               "price / sqrt(time)", not_negative,
                                                               "volatility of the spread X"),
            is_pair, pair_text),
      where(number<&Scenario::pair, &PairMarket::break_time>(
                "market.break_time", "time", not_negative,
                "time after which the spread is a random walk; 0 is never"),
            is_pair, pair_text),
  };
}

std::vector<Parameter> book_parameters() {
  return {
      both(number<&Scenario::book, &BookTop::tick>(
          "market.tick", "price", not_negative,
          "price tick: bids are rounded down to it, asks up; 0 is a continuous price")),
      number<&Scenario::book, &BookTop::spread>(
          "market.book_spread", "ticks", {0.0, 1e6},
          "best ask - best bid of the book around the mid; needs market.tick"),
      number<&Scenario::book, &BookTop::depth>(
          "market.depth", "units", not_negative,
          "mean size at each side of the top of the book; larger trades at market slip more; 0 is "
          "without bound"),
      number<&Scenario::book, &BookTop::imbalance_sd>(
          "market.imbalance_sd", "1", {0.0, 100.0},
          "stationary sd of Y, from which the imbalance of the book top is Y / sqrt(1 + Y^2); 0 is "
          "a balanced book"),
      number<&Scenario::book, &BookTop::imbalance_reversion>(
          "market.imbalance_reversion", "1 / time", positive,
          "speed at which Y reverts to 0 (Ornstein-Uhlenbeck)"),
      number<&Scenario::book, &BookTop::imbalance_strength>(
          "market.imbalance_strength", "1", {-10.0, 10.0},
          "mean of the next move, in its own standard deviations, per unit of imbalance"),
      number<&Scenario::spike, &VolatilitySpike::start>("market.spike_start", "time", not_negative,
                                                        "begin of a volatility spike"),
      number<&Scenario::spike, &VolatilitySpike::length>(
          "market.spike_length", "time", not_negative, "length of the volatility spike; 0 is none"),
      number<&Scenario::spike, &VolatilitySpike::factor>(
          "market.spike_factor", "1", not_negative,
          "factor of all volatilities during the spike; strategies do not know it"),
  };
}

std::vector<Parameter> fill_parameters() {
  return {
      both(where(number<&Scenario::fills, &FillModel::arrival_rate>(
                     "fills.A", "1 / time", positive,
                     "arrival rate of orders at the mid, lambda = A exp(-k d)"),
                 needs_arrivals,
                 "market.model: brownian or cointegrated, or a replay by strategy.name: glft")),
      both(where(number<&Scenario::fills, &FillModel::decay>(
                     "fills.k", "1 / price", positive,
                     "decay of the arrival rate with the distance d from the mid"),
                 quotes_distances, distances_text)),
      choice<&Scenario::fills, &FillModel::probability>(
          "fills.probability", probability_names,
          "probability of a fill in a step: poisson 1 - exp(-lambda dt), or bernoulli "
          "min(1, lambda dt) (Avellaneda and Stoikov's convention)"),
  };
}

}  // namespace

std::vector<Parameter> market_parameters() {
  auto all = process_parameters();
  for (const auto& part : {pair_parameters(), book_parameters(), fill_parameters()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace quotesweep
