#include "strategy/quote_shape.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "strategy/order_size.hpp"

using namespace quotesweep;

namespace {

constexpr double half_spread = 0.4, skew = 0.05;  // what the strategy asks for [price]

/// What a shape makes of a strategy's quotes in lane 4, at a mid of `mid`.
struct Shaped {
  double bid, ask;  // prices
  double bias;
};

struct Seen {
  double mid = 100.0, inventory = 0.0, imbalance = 0.0, signal = 0.0;
  bool post_only = false;
};

/// Shapes the quotes of one lane, from distances or from a half spread and a shift.
template <class... Quotes>
void set(const QuoteShape<double>& shape, int lane, const QuoteShape<double>::View& view,
         double inventory, LaneOrders<double>& orders, Quotes... quotes) {
  if (shape.recentres() && shape.rounds())
    shape.set<true, true>(lane, view, inventory, quotes..., orders);
  else if (shape.recentres())
    shape.set<true, false>(lane, view, inventory, quotes..., orders);
  else if (shape.rounds())
    shape.set<false, true>(lane, view, inventory, quotes..., orders);
  else
    shape.set<false, false>(lane, view, inventory, quotes..., orders);
}

void check_alike(const LaneOrders<double>& one, const LaneOrders<double>& other) {
  CHECK(one.bid_level == Approx(other.bid_level));
  CHECK(one.ask_level == Approx(other.ask_level));
  CHECK(one.bias_shift == Approx(other.bias_shift));
}

void apply(const QuoteShape<double>& shape, const DeskStep<double>& step,
           const Lanes<double>& lanes, Quotes<double>& quotes, Desk<double>& desk) {
  const auto view = shape.view(step);
  for (int lane = 0; lane < lane_count; ++lane) {
    LaneOrders<double> orders{.bid = quotes.bid_distance[lane], .ask = quotes.ask_distance[lane]};
    set(shape, lane, view, lanes.inventory[lane], orders);
    const double bid = quotes.bid_distance[lane], ask = quotes.ask_distance[lane];
    if (bid < no_quote<double> && ask < no_quote<double>) {
      LaneOrders<double> lined{};
      set(shape, lane, view, lanes.inventory[lane], lined, (bid + ask) / 2, (bid - ask) / 2);
      check_alike(lined, orders);
    }
    if (shape.rounds()) {
      const double above = step.market.above[lane];
      orders.bid = shape.bid_distance(above, orders.bid_level);
      orders.ask = shape.ask_distance(above, orders.ask_level);
    }
    if (bid < no_quote<double>) quotes.bid_distance[lane] = orders.bid;
    if (ask < no_quote<double>) quotes.ask_distance[lane] = orders.ask;
    desk.bid_level[lane] = orders.bid_level;
    desk.ask_level[lane] = orders.ask_level;
    desk.bias_shift[lane] = orders.bias_shift;
  }
}

/// What a market with ticks says of its mid.
struct Ticks {
  LaneArray<double> above{}, for_bids{}, for_asks{};

  Ticks(const MarketTerms& market, const LaneArray<double>& walk, MarketStep<double>& step) {
    const double tick = market.book.tick;
    for (int lane = 0; lane < lane_count; ++lane) {
      above[lane] = walk[lane] + market.above_tick();
      for_bids[lane] = above[lane] / tick + tick_slack;
      for_asks[lane] = above[lane] / tick - tick_slack;
    }
    step.above = above.values;
    step.for_bids = for_bids.values;
    step.for_asks = for_asks.values;
  }
};

Shaped shape(const StrategyTerms& terms, const MarketTerms& market, const Seen& seen) {
  Lanes<double> lanes{};
  Quotes<double> quotes{};
  Desk<double> desk{};
  LaneArray<double> mid{}, walk{}, imbalance{}, signal{};
  for (int lane = 0; lane < lane_count; ++lane) {
    mid[lane] = seen.mid;
    walk[lane] = seen.mid - market.process.initial_price;
    imbalance[lane] = seen.imbalance;
    signal[lane] = seen.signal;
    lanes.inventory[lane] = seen.inventory;
    quotes.bid_distance[lane] = half_spread + skew;
    quotes.ask_distance[lane] = half_spread - skew;
  }
  MarketStep<double> step{};
  step.mid = mid.values;
  step.walk = walk.values;
  const Ticks ticks(market, walk, step);
  SignalStep<double> signals;
  signals.imbalance = imbalance.values;
  signals.pair_signal = signal.values;
  apply(QuoteShape<double>(terms, market, seen.post_only), {.market = step, .signals = signals},
        lanes, quotes, desk);
  const double tick = market.book.tick, first = market.process.initial_price;
  const double unit = tick > 0.0 ? tick : 1.0,
               zero = tick > 0.0 ? tick * std::floor(first / tick + 0.5) : first;
  CHECK(zero + unit * desk.bid_level[4] == Approx(seen.mid - quotes.bid_distance[4]));
  CHECK(zero + unit * desk.ask_level[4] == Approx(seen.mid + quotes.ask_distance[4]));
  return {seen.mid - quotes.bid_distance[4], seen.mid + quotes.ask_distance[4], desk.bias_shift[4]};
}

double centre(const Shaped& quotes) {
  return 0.5 * (quotes.bid + quotes.ask);
}
double half(const Shaped& quotes) {
  return 0.5 * (quotes.ask - quotes.bid);
}

}  // namespace

TEST_CASE("the half spread stays between its bounds, in basis points of the mid", "[strategy]") {
  const Seen at{.mid = 200.0};  // 0.4 is 20 bps
  for (const auto& [low, high, expected] :
       {std::tuple{0.0, 0.0, 0.4}, {30.0, 0.0, 0.6}, {0.0, 10.0, 0.2}, {5.0, 40.0, 0.4}}) {
    const auto quotes =
        shape({.min_half_spread = low, .max_half_spread = high, .phi = 1e-9}, {}, at);
    CHECK(half(quotes) == Approx(expected));
    CHECK(centre(quotes) == Approx(200.0 - skew));
  }
}

TEST_CASE("quotes follow the microprice, fall with inventory and rise with the pair signal",
          "[strategy]") {
  MarketTerms market;
  market.book = {.tick = 0.01, .spread = 20.0};  // best bid and ask 0.1 from the mid
  market.book.tick = 1e-6;                       // so fine that rounding does not show
  market.book.spread = 2e5;
  const double base = 100.0 - skew;
  CHECK(centre(shape({.fair_value = FairValue::microprice}, market, {.imbalance = 0.6})) ==
        Approx(base + 0.06).margin(1e-5));
  CHECK(centre(shape({.phi = 0.02}, market, {.inventory = 4.0})) ==
        Approx(base - 0.08).margin(1e-5));
  const auto raised = shape({.pair_bias = 0.5}, market, {.signal = 0.8});
  CHECK(centre(raised) == Approx(base + 0.5 * 0.8 * half_spread).margin(1e-5));
  CHECK(raised.bias == Approx(0.5 * 0.8 * half_spread));
  CHECK(half(raised) == Approx(half_spread).margin(1e-5));
}

TEST_CASE("bids are rounded down to ticks and asks up, prices on a tick stay there", "[strategy]") {
  MarketTerms market;
  market.process.initial_price = 100.03;
  market.book.tick = 0.1;
  for (const double mid : {100.03, 99.41, 103.77, 100.05}) {
    const auto quotes = shape({}, market, {.mid = mid});
    const double bid = mid - half_spread - skew, ask = mid + half_spread - skew;
    CHECK(quotes.bid == Approx(0.1 * std::floor(bid / 0.1 + 1e-6)).epsilon(1e-12));
    CHECK(quotes.ask == Approx(0.1 * std::ceil(ask / 0.1 - 1e-6)).epsilon(1e-12));
  }
}

TEST_CASE("with post_only a quote never crosses the other side of the book, without it it may",
          "[strategy]") {
  MarketTerms market;
  market.book = {.tick = 0.05, .spread = 4.0};  // best bid and ask 0.1 from the mid
  const auto low = shape({.phi = 1.0}, market, {.inventory = 5.0, .post_only = true});
  CHECK(low.ask == Approx(100.0 - 0.1 + 0.05));
  CHECK(low.bid < low.ask);
  const auto high = shape({.phi = 1.0}, market, {.inventory = -5.0, .post_only = true});
  CHECK(high.bid == Approx(100.0 + 0.1 - 0.05));
  CHECK(high.bid < high.ask);
  const auto through = shape({.phi = 1.0}, market, {.inventory = 5.0});
  CHECK(through.ask < 100.0 - 0.1);
  market.book = {};  // the mid is all there is
  CHECK(shape({.phi = 1.0}, market, {.inventory = 5.0, .post_only = true}).ask == 100.0);
  CHECK(shape({.phi = 1.0}, market, {.inventory = -5.0, .post_only = true}).bid == 100.0);
  CHECK(shape({.phi = 1.0}, market, {.inventory = 5.0}).ask < 99.0);
}

TEST_CASE("a side that the strategy does not quote stays away", "[strategy]") {
  Lanes<double> lanes{};
  Quotes<double> quotes{};
  Desk<double> desk{};
  LaneArray<double> mid{}, walk{};
  for (int lane = 0; lane < lane_count; ++lane) {
    mid[lane] = 100.0;
    quotes.bid_distance[lane] = no_quote<double>;
    quotes.ask_distance[lane] = lane % 2 == 0 ? 0.5 : no_quote<double>;
  }
  MarketStep<double> step{};
  step.mid = mid.values;
  step.walk = walk.values;
  MarketTerms market;
  market.book.tick = 0.1;
  const Ticks ticks(market, walk, step);
  const QuoteShape<double> shape({.max_half_spread = 30.0}, market, false);
  apply(shape, {.market = step}, lanes, quotes, desk);
  for (int lane = 0; lane < lane_count; ++lane) {
    REQUIRE(quotes.bid_distance[lane] >= no_quote<double>);
    if (lane % 2 == 0)
      REQUIRE(quotes.ask_distance[lane] == Approx(0.3));
    else
      REQUIRE(quotes.ask_distance[lane] >= no_quote<double>);
  }
}

TEST_CASE("sizes shrink with volatility and on the side that adds to inventory", "[strategy]") {
  LaneArray<double> wild{};
  for (int lane = 0; lane < lane_count; ++lane) wild[lane] = lane == 4 ? 0.5 : 0.0;
  SignalStep<double> signals;
  signals.wild = wild.values;
  const StrategyTerms terms{.quantity = 10.0, .size_volatility = 0.5, .size_inventory = 0.75};
  const OrderSize<double> size(terms, 12.0);
  const auto view = size.view({.signals = signals});
  LaneOrders<double> volatile_lane{}, calm_lane{};
  size.set(4, view, 6.0, volatile_lane);
  size.set(5, view, 6.0, calm_lane);
  CHECK(volatile_lane.ask_size == Approx(10.0 * 0.75));
  CHECK(volatile_lane.bid_size == Approx(10.0 * 0.75 * (1.0 - 0.75 * 0.5)));
  CHECK(calm_lane.ask_size == Approx(10.0));
  CHECK(calm_lane.bid_size == Approx(10.0 * (1.0 - 0.75 * 0.5)));
}
