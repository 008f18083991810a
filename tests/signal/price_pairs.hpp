#pragma once

#include <cstdint>
#include <vector>

#include "market/lanes.hpp"

namespace quotesweep {

/// The noise and the windows of make_cointegration.py, to the last bit.
class Noise {
 public:
  explicit Noise(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15) {}

  double operator()() {
    std::int64_t total = -(std::int64_t{1} << 33);
    for (int i = 0; i < 4; ++i) {
      state_ = state_ * 6364136223846793005 + 1442695040888963407;
      total += static_cast<std::int64_t>(state_ >> 32);
    }
    return static_cast<double>(total) * 0x1p-32;
  }

 private:
  std::uint64_t state_;
};

struct PairLaw {
  double phi = 0.5;    // of the residual: below 1 the pair is cointegrated
  double slope = 1.2;  // of the traded on the partner
  double level = 0.0;  // at which both start [price]
  double scale = 1.0;  // of the noise [price]
};

struct Prices {
  std::vector<double> traded, partner;
};

inline Prices make_prices(const PairLaw& law, std::int64_t steps, Noise& noise) {
  Prices prices;
  double walk = 0.0, residual = 0.0;
  for (std::int64_t i = 0; i < steps; ++i) {
    walk += law.scale * noise();
    residual = law.phi * residual + law.scale * noise();
    prices.partner.push_back(law.level + walk);
    prices.traded.push_back(law.level + (law.slope * walk + residual));
  }
  return prices;
}

/// Price series of all lanes, row by row.
template <class Real>
struct LanePrices {
  std::vector<LaneArray<Real>> traded, partner;

  explicit LanePrices(std::size_t steps) : traded(steps), partner(steps) {}

  void set(int lane, const Prices& prices) {
    for (std::size_t i = 0; i < traded.size(); ++i) {
      traded[i][lane] = static_cast<Real>(prices.traded[i]);
      partner[i][lane] = static_cast<Real>(prices.partner[i]);
    }
  }
};

/// A pair of this law in every lane, independent of one another.
template <class Real>
LanePrices<Real> make_lane_prices(const PairLaw& law, std::int64_t steps, std::uint64_t seed) {
  LanePrices<Real> prices(static_cast<std::size_t>(steps));
  Noise noise(seed);
  for (int lane = 0; lane < lane_count; ++lane) prices.set(lane, make_prices(law, steps, noise));
  return prices;
}

}  // namespace quotesweep
