#include "signal/pair_terms.hpp"

#include <cmath>

#include "base/error.hpp"
#include "signal/cointegration.hpp"
#include "signal/mackinnon.hpp"

namespace quotesweep {
namespace {

constexpr std::int64_t shortest_lookback = 10, longest_lookback = 5000;

void check_window(const PairTerms& terms) {
  if (terms.lookback < shortest_lookback || terms.lookback > longest_lookback)
    throw Error("signal.lookback = {} (must be from {} to {} steps)", terms.lookback,
                shortest_lookback, longest_lookback);
  if (terms.interval < 1)
    throw Error("signal.interval = {} (must be at least 1 step)", terms.interval);
  if (terms.adf_lags < 0 || terms.adf_lags > most_lags)
    throw Error("signal.adf_lags = {} (must be from 0 to {})", terms.adf_lags, most_lags);
  const std::int64_t needed = shortest_lookback + 2 * terms.adf_lags;
  if (terms.lookback < needed)
    throw Error(
        "signal.lookback = {} (must be at least {} steps with signal.adf_lags = {}); lengthen it, "
        "or lower signal.adf_lags",
        terms.lookback, needed, terms.adf_lags);
}

}  // namespace

void check_pair_terms(const PairTerms& terms) {
  check_window(terms);
  if (!(terms.adf_pval_max >= smallest_p && terms.adf_pval_max <= 1.0))
    throw Error(
        "signal.adf_pval_max = {} (must be from {:g} to 1); 1 leaves the gate open whatever the "
        "test says",
        terms.adf_pval_max, smallest_p);
  if (!(terms.enter > 0.0 && std::isfinite(terms.enter)))
    throw Error("signal.enter = {} (must be > 0 and finite)", terms.enter);
  if (!(terms.exit >= 0.0 && terms.exit <= terms.enter))
    throw Error("signal.exit = {} (must be from 0 to signal.enter = {})", terms.exit, terms.enter);
  if (!(terms.max_bias > 0.0 && std::isfinite(terms.max_bias)))
    throw Error("signal.max_bias = {} (must be > 0 and finite)", terms.max_bias);
}

}  // namespace quotesweep
