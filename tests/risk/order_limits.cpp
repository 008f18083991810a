#include "risk/order_limits.hpp"

#include <catch2/catch.hpp>

using namespace quotesweep;

namespace {

const PriceProcess process{.horizon = 10.0, .dt = 0.5};

/// Lanes and orders of which these tests look at lane 5.
struct Order {
  Lanes<double> lanes{};
  Desk<double> desk{};
  LaneArray<double> per_mid{};
  LaneOrders<double> wanted{}, admitted{};

  Order() {
    for (int lane = 0; lane < lane_count; ++lane) {
      per_mid[lane] = 1.0 / 50.0;
      lanes.settled[lane] = 1000.0;
    }
  }
  /// Wants both sides at these levels with these sizes.
  void want(double bid, double ask, double size = 2.0) {
    wanted = {.bid = 1.0,
              .ask = 1.0,
              .bid_level = bid,
              .ask_level = ask,
              .bid_size = size,
              .ask_size = size};
  }
  void hold(double inventory) {
    for (int lane = 0; lane < lane_count; ++lane) lanes.inventory[lane] = inventory;
  }
  bool bids() const { return desk.bid_level[5] != no_bid<double>; }
  bool asks() const { return desk.ask_level[5] != no_ask<double>; }
  void apply(const OrderLimits<double>& limits, std::int64_t step = 0) {
    if (step == 0) limits.begin(desk);
    if (limits.begins_interval(step)) desk.sent = {};
    before_ = desk.sent[5];
    for (int lane = 0; lane < lane_count; ++lane) {
      auto orders = wanted;
      admit(limits, lane, orders);
      desk.bid_level[lane] = orders.bid_open ? orders.bid_level : no_bid<double>;
      desk.ask_level[lane] = orders.ask_open ? orders.ask_level : no_ask<double>;
      if (lane == 5) admitted = orders;
    }
  }
  /// Orders of the last step.
  std::uint64_t sent() const { return desk.sent[5] / order_mark - before_ / order_mark; }
  /// Whether a limit took a quote away in it.
  bool limited() const { return desk.sent[5] % order_mark > before_ % order_mark; }

 private:
  std::uint64_t before_ = 0;

  void admit(const OrderLimits<double>& limits, int lane, LaneOrders<double>& orders) {
    if (limits.levered())
      limits.admit<true>(lane, per_mid.values, lanes, desk, orders);
    else
      limits.admit<false>(lane, per_mid.values, lanes, desk, orders);
  }
};

OrderLimits<double> limits_of(const RiskTerms& terms) {
  return OrderLimits<double>(terms, process, 2.0);
}

}  // namespace

TEST_CASE("an order is cut to what the inventory limit leaves, and gone at it", "[risk]") {
  const auto limits = limits_of({.q_max = 10.0});
  Order order;
  order.want(1, 2);
  order.hold(9.0);
  order.apply(limits);
  CHECK(order.admitted.bid_size == 1.0);
  CHECK(order.admitted.ask_size == 2.0);
  CHECK_FALSE(order.limited());
  order.want(1, 2);
  order.hold(10.0);
  order.apply(limits);
  CHECK_FALSE(order.bids());
  CHECK(order.asks());
  CHECK(order.limited());
}

TEST_CASE("leverage bounds the position by what equity is left", "[risk]") {
  const auto limits = limits_of({.leverage = 0.5});  // 0.5 x 1000 / 50 = 10 units
  Order order;
  order.want(1, 2);
  order.hold(-9.5);
  order.apply(limits);
  CHECK(order.admitted.ask_size == 0.5);
  order.want(1, 2);
  order.lanes.equity[5] = -100.0;  // 9 units
  order.apply(limits);
  CHECK_FALSE(order.asks());
  CHECK(order.bids());
  order.want(1, 2);
  order.hold(0.0);
  order.lanes.equity[5] = -2000.0;
  order.apply(limits);
  CHECK_FALSE(order.asks());
  CHECK_FALSE(order.bids());
}

TEST_CASE("out of the market there are no orders, and no limit is to blame", "[risk]") {
  const auto limits = limits_of({});
  Order order;
  order.want(1, 2);
  order.desk.steps_out[5] = 3.0;
  order.apply(limits);
  CHECK_FALSE(order.bids());
  CHECK_FALSE(order.asks());
  CHECK_FALSE(order.limited());
  CHECK(order.sent() == 0);
}

TEST_CASE("an order that keeps its price is not sent again, a filled one is", "[risk]") {
  const auto limits = limits_of({});
  Order order;
  const auto sent = [&](std::int64_t step, double bid, double ask) {
    order.want(bid, ask);
    order.apply(limits, step);
    return order.sent();
  };
  CHECK(sent(0, 1, 2) == 2);
  CHECK(sent(1, 1, 2) == 0);
  CHECK(sent(2, 1, 3) == 1);
  order.desk.bid_level[5] = no_bid<double>;
  CHECK(sent(3, 1, 3) == 1);
}

TEST_CASE("beyond the number of orders in an interval what would move is cancelled", "[risk]") {
  const auto limits = limits_of({.max_orders = 3.0, .order_interval = 2.0});  // four steps
  Order order;
  const auto send = [&](std::int64_t step, double bid, double ask) {
    order.want(bid, ask);
    order.apply(limits, step);
  };
  send(0, 1, 2);
  send(1, 1, 3);
  CHECK(order.bids());
  CHECK(order.asks());
  send(2, 0.5, 3);  // the fourth
  CHECK_FALSE(order.bids());
  CHECK(order.asks());
  send(3, 1, 3);  // its old price is no longer there
  CHECK_FALSE(order.bids());
  send(4, 1, 3);  // a new interval
  CHECK(order.bids());
  CHECK(order.sent() == 1);
}

TEST_CASE("with one open order only the side that reduces the inventory quotes", "[risk]") {
  const auto limits = limits_of({.open_orders = 1.0});
  Order order;
  for (const double held : {3.0, -3.0, 0.0}) {
    order.want(1, 2);
    order.hold(held);
    order.apply(limits);
    CHECK(order.bids() == (held <= 0.0));
    CHECK(order.asks() == (held > 0.0));
  }
}

TEST_CASE("no order is refused before the limit can be reached", "[risk]") {
  const auto limits = limits_of({.max_orders = 4.5, .order_interval = 3.0});  // six steps
  for (const std::int64_t interval : {0, 6, 600}) {
    CHECK_FALSE(limits.may_refuse(interval));
    CHECK_FALSE(limits.may_refuse(interval + 1));  // the fourth order
    CHECK(limits.may_refuse(interval + 2));        // the sixth
    CHECK(limits.may_refuse(interval + 5));
  }
  const auto endless = limits_of({});
  for (const std::int64_t step : {0, 1 << 21, (1 << 22) - 1, 1 << 22})
    CHECK_FALSE(endless.may_refuse(step));
}
