#pragma once

#include "signal/pair_terms.hpp"

namespace quotesweep {

/// Which volatility quotes use.
enum class Volatility {
  model,    // the one that the study states
  ewma,     // an exponentially weighted mean of squared moves
  realized  // the mean of squared moves over a rolling window
};

/// How signals are computed from what has been seen of the market.
struct SignalTerms {
  Volatility volatility = Volatility::model;
  double ewma_alpha = 0.2;           // weight of the newest squared move
  double volatility_floor = 0.0;     // lowest estimate [price / sqrt(time)]
  double volatility_window = 100.0;  // of the realised volatility [steps]
  double imbalance_smoothing = 0.0;  // weight of the past in the smoothed imbalance, below 1
  PairTerms pair;

  bool operator==(const SignalTerms&) const = default;
};

/// Which signals a point asks for.
struct SignalNeeds {
  bool variance = false, imbalance = false, pair = false;
  bool operator==(const SignalNeeds&) const = default;
};

}  // namespace quotesweep
