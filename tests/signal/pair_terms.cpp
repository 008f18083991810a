#include "signal/pair_terms.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "signal/pair_signal.hpp"

using namespace quotesweep;
using Catch::Matchers::Contains;

namespace {

void require_refused(const PairTerms& terms, const std::string& text) {
  REQUIRE_THROWS_WITH(check_pair_terms(terms), Contains(text));
  REQUIRE_THROWS_AS(PairSignal<float>(terms), Error);
}

}  // namespace

TEST_CASE("the defaults and the ends of the ranges are accepted", "[signal]") {
  REQUIRE_NOTHROW(check_pair_terms({}));
  REQUIRE_NOTHROW(check_pair_terms({.lookback = 10, .interval = 1, .adf_lags = 0}));
  REQUIRE_NOTHROW(check_pair_terms({.lookback = 5000, .interval = 100000, .adf_lags = 4}));
  REQUIRE_NOTHROW(check_pair_terms({.adf_pval_max = 1e-9, .enter = 1.0, .exit = 1.0}));
  REQUIRE_NOTHROW(check_pair_terms({.adf_pval_max = 1.0, .exit = 0.0, .max_bias = 1e-3}));
}

TEST_CASE("terms that make no sense are refused with name, value and range", "[signal]") {
  require_refused({.lookback = 9}, "signal.lookback = 9 (must be from 10 to 5000");
  require_refused({.lookback = 5001}, "signal.lookback = 5001");
  require_refused({.lookback = 11, .adf_lags = 1}, "signal.lookback = 11 (must be at least 12");
  require_refused({.interval = 0}, "signal.interval = 0 (must be at least 1");
  require_refused({.adf_lags = 5}, "signal.adf_lags = 5 (must be from 0 to 4");
  require_refused({.adf_lags = -1}, "signal.adf_lags = -1");
  require_refused({.adf_pval_max = 0.0}, "signal.adf_pval_max = 0 (must be from 1e-09 to 1)");
  require_refused({.adf_pval_max = 1.01}, "signal.adf_pval_max = 1.01");
  require_refused({.enter = 0.0, .exit = 0.0}, "signal.enter = 0 (must be > 0");
  require_refused({.enter = 1.0, .exit = 1.5}, "signal.exit = 1.5 (must be from 0 to signal.enter");
  require_refused({.exit = -0.1}, "signal.exit = -0.1");
  require_refused({.max_bias = 0.0}, "signal.max_bias = 0 (must be > 0");
  require_refused({.enter = std::nan("")}, "signal.enter = nan");
  require_refused({.exit = std::nan("")}, "signal.exit = nan");
  require_refused({.adf_pval_max = std::nan("")}, "signal.adf_pval_max = nan");
}
