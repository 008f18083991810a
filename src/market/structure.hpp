#pragma once

#include <cstdint>

#include "market/price_process.hpp"

namespace quotesweep {

/// The top of the book around the mid, and what its sizes tell.
///
/// The imbalance is I = Y / sqrt(1 + Y^2), Y an Ornstein-Uhlenbeck process that starts at 0 and
/// whose stationary law is normal with mean 0; sizes are depth (1 + I) at the bid and depth (1 - I)
/// at the ask. The next move has the mean `imbalance_strength` x I in units of its own standard
/// deviation.
struct BookTop {
  double tick = 0.0;                 // [price]; 0 is a continuous price
  double spread = 0.0;               // best ask - best bid [ticks]
  double depth = 0.0;                // mean size at each side [units]; 0 is without bound
  double imbalance_sd = 0.0;         // stationary sd of Y; 0 is a balanced book
  double imbalance_reversion = 1.0;  // of Y [1 / time]
  double imbalance_strength = 0.0;   // E of the standardised move / I

  bool operator==(const BookTop&) const = default;
  bool has_ticks() const { return tick > 0.0; }
  /// (best ask - best bid) / 2 [price].
  double half_spread() const { return 0.5 * spread * tick; }
};

/// The partner of a cointegrated asset: S - S_0 = beta (P - P_0) + X, P Brownian and X an
/// Ornstein-Uhlenbeck process from 0, dX = -theta X dt + sigma_x dW. After a break X is a random
/// walk.
struct PairMarket {
  double partner_price = 100.0;    // P_0 [price]
  double partner_sigma = 1.0;      // [price / sqrt(time)]
  double hedge_ratio = 1.0;        // beta
  double spread_reversion = 10.0;  // theta [1 / time]
  double spread_sigma = 1.0;       // sigma_x [price / sqrt(time)]
  double break_time = 0.0;         // [time]; 0 is never

  bool operator==(const PairMarket&) const = default;
};

/// An interval in which all volatilities are multiplied.
struct VolatilitySpike {
  double start = 0.0;   // [time]
  double length = 0.0;  // [time]; 0 is no spike
  double factor = 3.0;

  bool operator==(const VolatilitySpike&) const = default;
};

/// Everything about the market but arrivals.
struct MarketTerms {
  PriceProcess process;
  BookTop book;
  PairMarket pair;
  VolatilitySpike spike;

  bool operator==(const MarketTerms&) const = default;
  /// Initial price less the tick next to it, where there are ticks [price].
  double above_tick() const;
};

/// Volatility of the traded asset outside a spike: sigma, or sqrt(beta^2 sigma_p^2 + sigma_x^2) of
/// a cointegrated one [price / sqrt(time)].
double traded_sigma(const PriceProcess& process, const PairMarket& pair);

/// First step at or after a time; times that are steps to rounding count as these.
std::int64_t step_at(double time, double dt);

}  // namespace quotesweep
