#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "replay/price_levels.hpp"
#include "tape/tape.hpp"

namespace quotesweep {

/// What can be told from the bars before a bar's open, and from that open. Each is zero before it
/// exists. n is the window [bars]; S the opens.
enum class IndicatorKind {
  volatility,     // sd (ddof 0) of the last n log returns of S; zero if more than half are zero
  sma_deviation,  // S / mean of the last n S, the present one included, - 1
  momentum,       // S / S n bars before - 1
  range_mean,     // mean over n of (high - low of the bar before) / S
  range_sd,       // sd (ddof 0) of the same
  ema,            // exponential mean of S, weight 2 / (n + 1), from the first S on
  rsi,            // Wilder's relative strength index of S, from 0 to 100
  atr,            // Wilder's average true range of the bars before [price]
  own             // a function of the user's
};

/// A series of one number per bar, of which the number at bar i may depend on that bar's open and
/// on the bars before.
using IndicatorFunction = std::vector<double> (*)(const Bars& bars, int window);

struct Indicator {
  IndicatorKind kind;
  int window;
  IndicatorFunction function = nullptr;  // of kind `own`
  bool operator==(const Indicator&) const = default;
  bool operator<(const Indicator& other) const {
    if (kind != other.kind) return kind < other.kind;
    if (window != other.window) return window < other.window;
    return std::less<IndicatorFunction>{}(function, other.function);
  }

  static Indicator own(IndicatorFunction function, int window) {
    return {IndicatorKind::own, window, function};
  }
};

/// An indicator at every bar's open. Source of the first five: market conventions, the population
/// sd as in numpy; of RSI and ATR: Wilder, New Concepts in Technical Trading Systems (1978).
/// Requires window >= 1.
std::vector<double> compute_indicator(const Bars& bars, const Indicator& indicator);

/// What is made of the bars of one symbol, once, and shared by all who ask for the same, from any
/// thread: indicators, and bars in levels.
class BarShelf {
 public:
  explicit BarShelf(const Bars& bars) : bars_(&bars) {}

  /// The series of an indicator, made where it is not there yet; valid as long as the shelf.
  std::span<const double> get(const Indicator& indicator);

  /// The bars in levels, likewise.
  const BarLevels& levels(const PriceLevels& levels);

 private:
  std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();
  const Bars* bars_;
  std::map<Indicator, std::vector<double>> series_;
  std::map<double, BarLevels> levels_;  // by tick
};

}  // namespace quotesweep
