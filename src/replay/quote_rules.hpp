#pragma once

#include <span>
#include <vector>

#include "replay/ladder.hpp"
#include "replay/price_grid.hpp"

/// Quotes of the strategies that replays run most, as formulas over a lane or a register of lanes.
namespace quotesweep {

/// What a rule knows at a bar's open, the same in all lanes.
struct OpenView {
  double open;                      // S [price]
  double time_left;                 // [time]
  std::span<const double> signals;  // those that the rule has asked for
};

/// What a lane holds, and may hold [units].
template <class V>
struct Room {
  V position, max_position;
};

/// Orders of a level, and the reservation price; a size of 0 is none.
template <class V>
struct LevelQuote {
  V reservation, bid, ask, bid_size, ask_size;
};

/// What all strategies that quote around the open share.
struct Around {
  explicit Around(std::span<const Scenario> lanes);

  /// A bid at a raw price, at least `least` below the open; in the origin that bound is not
  /// rounded.
  template <class Prices, class V>
  static V bid(const Prices& prices, const V& raw, double open, const V& least) {
    const V bound = open - least;
    if constexpr (!Prices::as_in_origin) return prices.bid(raw < bound ? raw : bound);
    const V rounded = prices.bid(raw);
    return rounded < bound ? rounded : bound;
  }
  template <class Prices, class V>
  static V ask(const Prices& prices, const V& raw, double open, const V& least) {
    const V bound = open + least;
    if constexpr (!Prices::as_in_origin) return prices.ask(raw > bound ? raw : bound);
    const V rounded = prices.ask(raw);
    return rounded > bound ? rounded : bound;
  }

  Column min_spread;
  Column share;  // of the largest position, in an order
  PriceGrid grid;
};

/// Symmetric levels around the open, level i at (i + 1/2) spreads.
struct TokyoRule {
  explicit TokyoRule(std::span<const Scenario> lanes) : around(lanes) {}

  std::vector<Indicator> signals() const { return {}; }
  static std::size_t levels(std::size_t asked) { return asked; }

  struct Now {
    double open;
  };
  Now at_open(const OpenView& view) const { return {view.open}; }

  template <class Prices, class V>
  LevelQuote<V> quote(const Prices& prices, const Now& now, double level, const Room<V>& room,
                      int lane) const {
    const V distance = (level + 0.5) * (at<V>(around.min_spread, lane) * now.open);
    const V most = room.max_position, size = most * at<V>(around.share, lane), none{};
    return {.reservation = now.open + none,
            .bid = prices.bid(V(now.open - distance)),
            .ask = prices.ask(V(now.open + distance)),
            .bid_size = most > room.position ? size : none,
            .ask_size = -most < room.position ? size : none};
  }

  Around around;
};

/// r = S (1 - a q), spread = S (min_spread + b), with a = gamma v and b = gamma_spread v; v is the
/// squared rolling volatility (stoikov) or sigma^2 (T - t) (vanilla). One level.
struct StoikovRule {
  explicit StoikovRule(std::span<const Scenario> lanes);

  std::vector<Indicator> signals() const { return wanted; }
  static std::size_t levels(std::size_t) { return 1; }

  struct Now {
    double open, factor;
  };
  Now at_open(const OpenView& view) const {
    return {view.open, wanted.empty() ? view.time_left : view.signals[0] * view.signals[0]};
  }

  template <class Prices, class V>
  LevelQuote<V> quote(const Prices& prices, const Now& now, double, const Room<V>& room,
                      int lane) const {
    const double open = now.open;
    const V per_variance = at<V>(variance, lane) * now.factor,
            least = at<V>(around.min_spread, lane);
    const V reservation = open - at<V>(gamma, lane) * per_variance * room.position * open;
    const V half = 0.5 * (open * (least + at<V>(gamma_spread, lane) * per_variance));
    const V size = room.max_position * at<V>(around.share, lane), bound = open * least;
    return {.reservation = reservation,
            .bid = Around::bid(prices, V(reservation - half), open, bound),
            .ask = Around::ask(prices, V(reservation + half), open, bound),
            .bid_size = size,
            .ask_size = size};
  }

  Around around;
  Column gamma, gamma_spread, variance;
  std::vector<Indicator> wanted;
};

}  // namespace quotesweep
