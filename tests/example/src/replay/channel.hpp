#pragma once

#include "replay/indicators.hpp"

namespace quotesweep {

/// Where the open lies in the range of the last `window` bars: 0 at their lowest low, 1 at their
/// highest high, 1/2 before there are so many.
inline std::vector<double> channel_position(const Bars& bars, int window) {
  const auto n = static_cast<std::size_t>(window);
  std::vector<double> position(bars.open.size(), 0.5);
  for (std::size_t i = n; i < position.size(); ++i) {
    double low = bars.low[i - n], high = bars.high[i - n];
    for (std::size_t j = i - n; j < i; ++j) {
      low = bars.low[j] < low ? bars.low[j] : low;
      high = bars.high[j] > high ? bars.high[j] : high;
    }
    if (high > low) position[i] = (bars.open[i] - low) / (high - low);
  }
  return position;
}

}  // namespace quotesweep
