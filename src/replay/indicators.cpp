#include "replay/indicators.hpp"

#include <algorithm>
#include <cmath>

#include "base/elementary.hpp"

namespace quotesweep {
namespace {

using Series = std::vector<double>;

/// Mean and population standard deviation over a rolling window, made anew now and then, so that
/// rounding cannot pile up.
class RollingMoments {
 public:
  RollingMoments(const Series& values, std::size_t window) : values_(values), window_(window) {}

  /// Takes the window that ends with value `last` >= window - 1; ascending by one, or from
  /// anywhere.
  void advance(std::size_t last) {
    if (steps_++ % refresh == 0) return collect(last);
    add(values_[last], 1.0);
    add(values_[last - window_], -1.0);
  }
  double mean() const { return shift_ + sum_ / width(); }
  double sd() const {
    const double mean = sum_ / width();
    return std::sqrt(std::max(0.0, squares_ / width() - mean * mean));
  }
  bool mostly_zero() const { return nonzero_ < static_cast<double>(window_ / 2); }

 private:
  static constexpr std::size_t refresh = 64;

  double width() const { return static_cast<double>(window_); }
  void add(double value, double sign) {
    const double x = value - shift_;
    sum_ += sign * x;
    squares_ += sign * x * x;
    nonzero_ += value != 0.0 ? sign : 0.0;
  }
  void collect(std::size_t last) {
    shift_ = values_[last];
    sum_ = squares_ = nonzero_ = 0.0;
    for (std::size_t i = last + 1 - window_; i <= last; ++i) add(values_[i], 1.0);
  }

  const Series& values_;
  std::size_t window_, steps_ = 0;
  double shift_ = 0.0, sum_ = 0.0, squares_ = 0.0, nonzero_ = 0.0;
};

/// `of(moments)` at every bar from `first` on.
template <class Of>
Series rolling(const Series& values, std::size_t window, std::size_t first, Of of) {
  Series out(values.size(), 0.0);
  RollingMoments moments(values, window);
  for (std::size_t i = first; i < values.size(); ++i) {
    moments.advance(i);
    out[i] = of(moments, i);
  }
  return out;
}

Series log_returns(const Series& prices) {
  Series out(prices.size(), 0.0);
  for (std::size_t i = 1; i < prices.size(); ++i)
    out[i] = elementary::log(prices[i] / prices[i - 1]);
  return out;
}

/// Range of the bar before, relative to the present open.
Series ranges(const Bars& bars) {
  Series out(bars.open.size(), 0.0);
  for (std::size_t i = 1; i < out.size(); ++i)
    out[i] = (bars.high[i - 1] - bars.low[i - 1]) / bars.open[i];
  return out;
}

Series momentum(const Series& open, std::size_t window) {
  Series out(open.size(), 0.0);
  for (std::size_t i = window; i < out.size(); ++i)
    out[i] = (open[i] - open[i - window]) / open[i - window];
  return out;
}

Series ema(const Series& open, std::size_t window) {
  const double weight = 2.0 / (static_cast<double>(window) + 1.0);
  Series out(open.size(), 0.0);
  double mean = open.empty() ? 0.0 : open.front();
  for (std::size_t i = 0; i < open.size(); ++i) {
    mean += weight * (open[i] - mean);
    if (i + 1 >= window) out[i] = mean;
  }
  return out;
}

/// Wilder's smoothing: the plain mean of the first n, then mean + (x - mean) / n.
class WilderMean {
 public:
  explicit WilderMean(std::size_t window) : window_(static_cast<double>(window)) {}
  void add(double value) {
    count_ = std::min(count_ + 1.0, window_);
    mean_ += (value - mean_) / count_;
  }
  double mean() const { return mean_; }

 private:
  double window_, count_ = 0.0, mean_ = 0.0;
};

Series rsi(const Series& open, std::size_t window) {
  Series out(open.size(), 0.0);
  WilderMean up(window), down(window);
  for (std::size_t i = 1; i < open.size(); ++i) {
    const double move = open[i] - open[i - 1];
    up.add(std::max(move, 0.0));
    down.add(std::max(-move, 0.0));
    const double all = up.mean() + down.mean();
    if (i >= window) out[i] = all > 0.0 ? 100.0 * up.mean() / all : 50.0;
  }
  return out;
}

Series atr(const Bars& bars, std::size_t window) {
  Series out(bars.open.size(), 0.0);
  WilderMean range(window);
  for (std::size_t i = 1; i < out.size(); ++i) {
    const double before = i > 1 ? bars.close[i - 2] : bars.open[0];
    range.add(std::max(bars.high[i - 1], before) - std::min(bars.low[i - 1], before));
    if (i >= window) out[i] = range.mean();
  }
  return out;
}

}  // namespace

std::vector<double> compute_indicator(const Bars& bars, const Indicator& indicator) {
  const auto window = static_cast<std::size_t>(indicator.window);
  const auto sd = [](const RollingMoments& m, std::size_t) {
    return m.mostly_zero() ? 0.0 : m.sd();
  };
  const auto mean = [](const RollingMoments& m, std::size_t) {
    return m.mostly_zero() ? 0.0 : m.mean();
  };
  const auto deviation = [&](const RollingMoments& m, std::size_t i) {
    return (bars.open[i] - m.mean()) / m.mean();
  };
  switch (indicator.kind) {
    case IndicatorKind::volatility:
      return rolling(log_returns(bars.open), window, window, sd);
    case IndicatorKind::sma_deviation:
      return rolling(bars.open, window, window - 1, deviation);
    case IndicatorKind::momentum:
      return momentum(bars.open, window);
    case IndicatorKind::range_mean:
      return rolling(ranges(bars), window, window, mean);
    case IndicatorKind::range_sd:
      return rolling(ranges(bars), window, window, sd);
    case IndicatorKind::ema:
      return ema(bars.open, window);
    case IndicatorKind::rsi:
      return rsi(bars.open, window);
    case IndicatorKind::atr:
      return atr(bars, window);
    case IndicatorKind::own:
      break;
  }
  return indicator.function(bars, indicator.window);
}

std::span<const double> BarShelf::get(const Indicator& indicator) {
  const std::lock_guard lock(*mutex_);
  auto found = series_.find(indicator);
  if (found == series_.end())
    found = series_.emplace(indicator, compute_indicator(*bars_, indicator)).first;
  return found->second;
}

const BarLevels& BarShelf::levels(const PriceLevels& levels) {
  const std::lock_guard lock(*mutex_);
  auto found = levels_.find(levels.tick);
  if (found == levels_.end()) found = levels_.emplace(levels.tick, BarLevels(*bars_, levels)).first;
  return found->second;
}

}  // namespace quotesweep
