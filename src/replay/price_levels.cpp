#include "replay/price_levels.hpp"

namespace quotesweep {

BarLevels::BarLevels(const Bars& bars, const PriceLevels& levels)
    : open(bars.open), high(bars.high), low(bars.low) {
  if (!(levels.tick > 0.0)) return;
  const TickGrid grid(levels.tick);
  for (double& price : open) price = grid.ticks(price);
  for (double& price : high) price = std::floor(grid.ticks(price));
  for (double& price : low) price = std::ceil(grid.ticks(price));
}

}  // namespace quotesweep
