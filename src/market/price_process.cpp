#include "market/price_process.hpp"

#include <cmath>

#include "base/error.hpp"

namespace quotesweep {

std::int64_t step_count(const PriceProcess& process) {
  const double ratio = process.horizon / process.dt;
  const double steps = std::floor(ratio + 0.5);
  if (!(steps >= 1.0 && steps <= 0x1p31) || std::abs(ratio - steps) > 1e-9 * steps)
    throw Error(
        "market.T = {} and market.dt = {} give T/dt = {:.12g} steps (must be an integer from 1 to "
        "2^31); choose dt = T/n",
        process.horizon, process.dt, ratio);
  return static_cast<std::int64_t>(steps);
}

double move_scale(const PriceProcess& process) {
  return process.sigma * std::sqrt(process.dt);
}

}  // namespace quotesweep
