#pragma once

namespace quotesweep {

/// When a bar fills an order that rests at a price.
enum class FillRule {
  trade_through,  // the bar trades at least a tick beyond the price
  touch,          // the bar trades at the price
  path            // touch, along open, nearer extreme, other extreme, close
};

/// Which side fills first where a bar fills both.
enum class FillOrder { buys_first, sells_first, worse, random };

/// What becomes of an order that the limits leave no room for.
enum class NoRoom { reject, cut };

/// What orders may do, and how they live in a replay.
struct OrderTerms {
  FillRule rule = FillRule::trade_through;
  FillOrder order = FillOrder::buys_first;
  double life = 1.0;       // bars that an order is open; 1 is cancelled every bar
  double latency = 0.0;    // bars from sending an order until it is open
  double lot = 0.0;        // sizes are multiples of it, rounded down [units]; 0 is any size
  double min_value = 0.0;  // of an order [price]
  NoRoom no_room = NoRoom::reject;
  bool close_at_end = true;
  bool post_only = false;  // no order trades at once; of simulated paths, too

  bool operator==(const OrderTerms&) const = default;
};

}  // namespace quotesweep
