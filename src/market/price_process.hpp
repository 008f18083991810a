#pragma once

#include <cstdint>

namespace quotesweep {

/// Law of the mid price.
enum class MarketModel {
  brownian,      // one asset
  cointegrated,  // a traded asset that is tied to a partner
  replay         // historical bars of several symbols
};

/// Law of one standardised move of the mid.
enum class Moves { normal, binomial };

/// Mid price on a grid of time steps: a Brownian S changes by drift dt + sigma sqrt(dt) xi at each
/// step.
struct PriceProcess {
  MarketModel model = MarketModel::brownian;
  double initial_price = 100.0;  // [price]
  double sigma = 2.0;            // [price / sqrt(time)]
  double horizon = 1.0;          // T [time]
  double dt = 0.005;             // [time]
  Moves moves = Moves::normal;
  double drift = 0.0;  // [price / time]

  bool operator==(const PriceProcess&) const = default;
};

/// Number of time steps n = T/dt. Throws Error where T/dt is not an integer to 1e-9 (relative), is
/// below one or above 2^31.
std::int64_t step_count(const PriceProcess& process);

/// Standard deviation of one move, sigma sqrt(dt) [price].
double move_scale(const PriceProcess& process);

}  // namespace quotesweep
