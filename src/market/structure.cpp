#include "market/structure.hpp"

#include <cmath>

namespace quotesweep {

double traded_sigma(const PriceProcess& process, const PairMarket& pair) {
  if (process.model == MarketModel::brownian) return process.sigma;
  const double shared = pair.hedge_ratio * pair.partner_sigma;
  return std::sqrt(shared * shared + pair.spread_sigma * pair.spread_sigma);
}

double MarketTerms::above_tick() const {
  const double first = process.initial_price, tick = book.tick;
  return tick > 0.0 ? first - tick * std::floor(first / tick + 0.5) : 0.0;
}

std::int64_t step_at(double time, double dt) {
  return static_cast<std::int64_t>(std::ceil(time / dt - 1e-9));
}

}  // namespace quotesweep
