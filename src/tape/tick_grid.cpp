#include "tape/tick_grid.hpp"

#include <fmt/chrono.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "base/error.hpp"

namespace quotesweep {
namespace {

struct NamedPrice {
  const char* name;
  double value;
};

std::array<NamedPrice, 4> prices_of(const Bars& bars, std::size_t i) {
  return {{{"open", bars.open[i]},
           {"high", bars.high[i]},
           {"low", bars.low[i]},
           {"close", bars.close[i]}}};
}

}  // namespace

TickGrid::TickGrid(double tick) : tick_(tick), per_unit_(0.0) {
  const double count = std::nearbyint(1.0 / tick);
  if (std::abs(count * tick - 1.0) <= 1e-12) per_unit_ = count;
}

double TickGrid::ticks(double price) const {
  const double exact = price / tick_, whole = std::nearbyint(exact);
  return std::abs(exact - whole) <= tolerance ? whole : exact;
}

bool TickGrid::holds(double price) const {
  const double count = ticks(price);
  return count == std::nearbyint(count);
}

double TickGrid::price(double ticks) const {
  return per_unit_ > 0.0 ? ticks / per_unit_ : ticks * tick_;
}

void check_on_grid(const Bars& bars, const Tape& tape, const TickGrid& grid) {
  std::size_t off = 0, first = 0;
  NamedPrice example{};
  for (std::size_t i = 0; i < bars.open.size(); ++i) {
    const auto prices = prices_of(bars, i);
    if (bars.high[i] > TickGrid::most_ticks * grid.tick())
      throw Error(
          "market.tick = {} (must be at least {} for {}: a price of {} is more than {:.0e} of "
          "them); "
          "set a larger tick, or 0 for continuous prices",
          grid.tick(), bars.high[i] / TickGrid::most_ticks, bars.symbol, bars.high[i],
          TickGrid::most_ticks);
    const auto bad = std::ranges::find_if(
        prices, [&](const NamedPrice& price) { return !grid.holds(price.value); });
    if (bad == prices.end()) continue;
    if (off++ > 0) continue;
    first = i;
    example = *bad;
  }
  if (off == 0) return;
  throw Error(
      "market.tick = {}: {} of the {} bars of {} have prices between ticks, first the {} of {} at "
      "{:%Y-%m-%dT%H:%M:%SZ}; set the tick of its prices (0 is continuous), or round them to the "
      "nearest tick with tape: {{file: ..., off_grid: round}}",
      grid.tick(), off, bars.open.size(), bars.symbol, example.name, example.value,
      fmt::gmtime(tape.time[first] / 1'000'000'000));
}

Bars rounded_to_grid(Bars bars, const TickGrid& grid) {
  for (auto* series : {&bars.open, &bars.high, &bars.low, &bars.close})
    for (double& price : *series)
      price = grid.price(std::max(1.0, std::nearbyint(price / grid.tick())));
  return bars;
}

}  // namespace quotesweep
