#pragma once

#include <vector>

#include "replay/ladder.hpp"

namespace quotesweep {

/// Money of a block of lanes that all symbols share.
struct Wallet {
  Column balance;  // capital, realised P&L and fees [price]
  Column margin;   // balance + unrealised P&L at the last close [price]
  Column active;   // 1 while the lane trades, else 0
};

/// What became of a lane's orders and trades, over all symbols. Each order is sent, and then filled
/// or cancelled; or it is rejected.
struct TradeCounts {
  Column sent{}, rejected_value{}, rejected_leverage{};  // settled
  Column tally{};             // of the same since the last settlement, in one number
  Column fills{};             // of resting orders
  Column taken{};             // trades at market
  Column closings{}, wins{};  // trades that closed something, and those that gained by it
  Column flips{};             // trades that changed the sign of a position
  Column turnover{};          // bought and sold [price]
};

/// Orders that a tally can count; before there may be more, it must be settled.
inline constexpr std::size_t most_tallied = (1 << 17) - 1;

/// Adds tallies to the settled counts.
void settle_counts(TradeCounts& counts, int lanes);

/// A trade of the first lane, as it is recorded.
struct Trade {
  double units;  // bought, or sold where negative
  double price;
  double fee;  // [price]
  bool maker;  // a resting order, or at market
};

/// One bar of one symbol.
struct Bar {
  double open, high, low, close;
};

/// Position, resting orders and account of one symbol in a block of lanes.
///
/// Orders of `levels` levels a side rest in slots, one per level and bar of their life. Unrealism:
/// no queue, no partial fills, and no limit on what a bar may fill.
class SymbolBook {
 public:
  /// `lanes` are the points' scenarios for this symbol, alike but for numbers that lanes may have
  /// each for itself. Leverage limits are shared among `symbols` symbols.
  SymbolBook(std::span<const Scenario> lanes, int symbols);

  /// Takes over what the strategy wants at this bar; what is not allowed is rejected.
  void place(const LadderInput& input, Ladder& ladder, const Wallet& wallet, TradeCounts& counts);
  /// Fills what a bar reaches, after which orders are a bar older.
  void fill(const Bar& bar, bool buys_first, Wallet& wallet, int lanes, TradeCounts& counts);
  /// Trades the whole position away at market, in the lanes where `which` is 1.
  void close_out(const Column& which, double price, Wallet& wallet, int lanes, TradeCounts& counts);
  /// Withdraws a lane's orders and forgets its position.
  void abandon(int lane);
  /// At a bar's open: sets `value()` and `max_position()`, given the symbol's share of the margin.
  /// Whether a lane's leverage calls for an emergency exit.
  bool open_bar(double open, const Column& share, int lanes);
  bool needs_exit(int lane, const Column& share) const {
    return std::abs(value_[lane]) >= emergency_[lane] * share[lane];
  }

  /// Keeps the first lane's trades from now on in `trades`.
  void record(std::vector<Trade>* trades) { trades_ = trades; }

  const Column& position() const { return position_; }
  const Column& entry() const { return entry_; }
  const Column& realized() const { return realized_; }
  const Column& fees() const { return fees_; }
  const Column& value() const {
    return value_;
  }  // position x open; in the origin that before exits
  const Column& max_position() const { return max_position_; }
  const Column& max_leverage() const { return max_leverage_; }

 private:
  /// Orders of one side in one slot. Heights are side x price (bids 1, asks -1), so that on both
  /// sides the higher is reached first; that of no order is never reached.
  struct Resting {
    Column height, size;
  };

  template <int side>
  std::vector<Resting>& orders() {
    return side > 0 ? bids_ : asks_;
  }
  /// What the position and the orders that rest leave of the largest position [units].
  struct Capacity {
    Column buy, sell;
  };
  struct Wish;
  void measure_capacity(const Wallet& wallet, int lanes, Capacity& left) const;
  void place_level(std::size_t level, const Ladder& ladder, Capacity& left, int lanes,
                   TradeCounts& counts);
  double judge(const Wish& wish, double value_after, int lane) const;
  void cut_to_lots(Ladder& ladder, int lanes) const;
  template <int side>
  void fill_side(const Bar& bar, Wallet& wallet, int lanes, TradeCounts& counts);
  /// What position and fees of the first lane were before a trade.
  struct Before {
    double units, fees;
  };
  void note(const Before& before, double price, bool maker);
  template <int side>
  void fill_slot(Resting& slot, double bound, double open, Wallet& wallet, int lanes,
                 TradeCounts& counts);
  void fill_in_turn(const Bar& bar, bool buys_first, Wallet& wallet, int lanes,
                    TradeCounts& counts);
  void fill_worse(const Bar& bar, Wallet& wallet, int lanes, TradeCounts& counts);

  FillRule rule_;
  bool worse_, origin_, has_lots_ = false;
  std::size_t levels_, depth_, latency_;  // depth: bars for which an order has its slot
  std::size_t newest_ = 0;                // of these bars
  double through_;                        // beyond its price an order fills [price]
  Column maker_fee_, taker_fee_, lot_, min_value_, slippage_;
  Column max_leverage_, order_leverage_, emergency_, q_max_;  // [1], [units]
  Column position_{}, entry_{}, realized_{}, fees_{}, value_{}, max_position_{};
  Column most_value_{};               // of position and order [price]
  std::vector<Resting> bids_, asks_;  // [bar][level]
  std::vector<Trade>* trades_ = nullptr;
};

}  // namespace quotesweep
