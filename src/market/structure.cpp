#include "market/structure.hpp"

#include <cmath>

namespace quotesweep {

double traded_sigma(const PriceProcess& process, const PairMarket& pair) {
  if (process.model == MarketModel::brownian) return process.sigma;
  const double shared = pair.hedge_ratio * pair.partner_sigma;
  return std::sqrt(shared * shared + pair.spread_sigma * pair.spread_sigma);
}

std::int64_t step_at(double time, double dt) {
  return static_cast<std::int64_t>(std::ceil(time / dt - 1e-9));
}

}  // namespace quotesweep
