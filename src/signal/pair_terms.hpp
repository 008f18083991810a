#pragma once

#include <cstdint>

namespace quotesweep {

/// How two price series become a signal (PairSignal).
struct PairTerms {
  std::int64_t lookback = 200;  // window of the estimates [steps], 10 to 5000
  std::int64_t interval = 20;   // from one estimate to the next [steps]
  std::int64_t adf_lags = 1;    // lagged differences in the stationarity test, 0 to 4
  double adf_pval_max = 0.05;   // largest p-value at which the gate opens; 1: it is always open
  double enter = 1.8;           // |z| from which a position is taken [sd of the residual]
  double exit = 0.5;            // |z| below which it is closed [sd of the residual]
  double max_bias = 1.0;        // largest |signal| [sd of the residual]

  bool operator==(const PairTerms&) const = default;
};

/// Throws Error where a number is out of its range, exit is above enter, or the lookback leaves the
/// test with its lags fewer than 8 degrees of freedom.
void check_pair_terms(const PairTerms& terms);

}  // namespace quotesweep
