#pragma once

#include <span>
#include <vector>

#include <cmath>

#include "replay/ladder.hpp"

/// Quotes of the strategies that replays run most, as formulas over a lane or a register of lanes.
/// Strategies say prices as they are; the book rounds them to ticks.
namespace quotesweep {

/// Prices as they are.
struct RawPrices {
  template <class V>
  V operator()(const V& price) const {
    return price;
  }
  static constexpr bool as_in_origin = false;
};

/// Prices at the nearest tick, half to even, as the origin of the ladders has both sides.
struct NearestPrices {
  double tick, per_tick;
  double operator()(double price) const { return tick * std::nearbyint(price * per_tick); }
  static constexpr bool as_in_origin = true;
};

/// What strategies do with prices.
struct Rounding {
  double tick = 0.0;  // [price]
  bool nearest = false;

  /// Calls `body` with the kind of prices, so that loops in it have no cases.
  template <class Body>
  void with(Body body) const {
    if (nearest && tick > 0.0)
      body(NearestPrices{tick, 1.0 / tick});
    else
      body(RawPrices{});
  }
};

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
    const V price = prices(raw);
    return price < bound ? price : bound;
  }
  template <class Prices, class V>
  static V ask(const Prices& prices, const V& raw, double open, const V& least) {
    const V bound = open + least;
    const V price = prices(raw);
    return price > bound ? price : bound;
  }

  Column min_spread;
  Column share;  // of the largest position, in an order
  Rounding rounding;
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
            .bid = prices(V(now.open - distance)),
            .ask = prices(V(now.open + distance)),
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
