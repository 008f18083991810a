#include "experiment/parameter_rows.hpp"

namespace quotesweep {
namespace {

using namespace rows;

constexpr std::string_view volatility_names[] = {"model", "ewma", "realized"};

bool is_ewma(const Scenario& s) {
  return s.signal.volatility == Volatility::ewma;
}
bool is_realized(const Scenario& s) {
  return s.signal.volatility == Volatility::realized;
}
bool is_estimated(const Scenario& s) {
  return s.signal.volatility != Volatility::model;
}
bool is_pair(const Scenario& s) {
  return s.market.model == MarketModel::cointegrated;
}
bool is_micro(const Scenario& s) {
  return s.strategy.fair_value == FairValue::microprice;
}
constexpr auto pair_text = "market.model: cointegrated";

template <auto Member>
Parameter pair_number(std::string_view name, std::string_view unit, const Range& range,
                      std::string_view meaning) {
  return where(number<&Scenario::signal, &SignalTerms::pair, Member>(name, unit, range, meaning),
               is_pair, pair_text);
}

template <auto Member>
Parameter pair_integer(std::string_view name, std::string_view unit, const Range& range,
                       std::string_view meaning) {
  return where(integer<&Scenario::signal, &SignalTerms::pair, Member>(name, unit, range, meaning),
               is_pair, pair_text);
}

}  // namespace

std::vector<Parameter> signal_parameters() {
  return {
      choice<&Scenario::signal, &SignalTerms::volatility>(
          "signal.volatility", volatility_names,
          "volatility that quotes and sizes use: the model's own, an exponentially weighted (ewma) "
          "or the realized one of a rolling window; glft quotes keep the model's"),
      where(number<&Scenario::signal, &SignalTerms::ewma_alpha>(
                "signal.ewma_alpha", "1", {0.0, 1.0, Range::Low::excluded},
                "weight of the newest squared move in the ewma"),
            is_ewma, "signal.volatility: ewma"),
      where(number<&Scenario::signal, &SignalTerms::volatility_floor>(
                "signal.volatility_floor", "price / sqrt(time)", not_negative,
                "lowest estimate of the volatility"),
            is_estimated, "signal.volatility: ewma or realized"),
      where(integer<&Scenario::signal, &SignalTerms::volatility_window>(
                "signal.volatility_window", "steps", {1.0, 10000.0},
                "window of the realized volatility"),
            is_realized, "signal.volatility: realized"),
      where(
          number<&Scenario::signal, &SignalTerms::imbalance_smoothing>(
              "signal.imbalance_smoothing", "1", {0.0, 0.9999},
              "weight of the past in the imbalance that the microprice uses; 0 is the book's own"),
          is_micro, "strategy.fair_value: microprice"),
      pair_integer<&PairTerms::lookback>(
          "signal.lookback", "steps", {10.0, 5000.0},
          "window of the pair's least-squares hedge ratio and of its stationarity test"),
      pair_integer<&PairTerms::interval>("signal.interval", "steps", {1.0, 1e6},
                                         "from one estimate of the pair to the next"),
      pair_integer<&PairTerms::adf_lags>(
          "signal.adf_lags", "1", {0.0, 4.0},
          "lagged differences in the augmented Dickey-Fuller test of the pair's residuals"),
      pair_number<&PairTerms::adf_pval_max>(
          "signal.adf_pval_max", "1", {0.0, 1.0, Range::Low::excluded},
          "largest p-value of that test (Engle and Granger's, MacKinnon's response surface) with "
          "which the pair signal may act; 1 is always"),
      pair_number<&PairTerms::enter>("signal.enter", "sd", {0.0, 100.0, Range::Low::excluded},
                                     "|z-score| of the pair's residual from which it acts"),
      pair_number<&PairTerms::exit>("signal.exit", "sd", {0.0, 100.0},
                                    "|z-score| below which it ceases to act"),
      pair_number<&PairTerms::max_bias>("signal.max_bias", "1", {0.0, 100.0},
                                        "largest |pair signal|, -sign(z) min(|z|, max_bias)"),
  };
}

}  // namespace quotesweep
