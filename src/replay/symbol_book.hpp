#pragma once

#include <vector>

#include "replay/book_rules.hpp"
#include "replay/ladder.hpp"

namespace quotesweep {

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
    return std::abs(value_[lane]) >= terms_.emergency[lane] * share[lane];
  }

  /// Keeps the first lane's trades from now on in `trades`.
  void record(std::vector<Trade>* trades) { trades_ = trades; }

  const BookTerms& terms() const { return terms_; }
  /// What lanes hold, for those who fill orders in the book's place.
  Holdings& holdings() { return held_; }
  const Column& position() const { return held_.position; }
  const Column& entry() const { return held_.entry; }
  const Column& realized() const { return held_.realized; }
  const Column& fees() const { return held_.fees; }
  const Column& unrealized() const { return held_.unrealized; }
  const Column& value() const {
    return value_;
  }  // position x open; in the origin that before exits
  const Column& max_position() const { return max_position_; }
  const Column& max_leverage() const { return terms_.max_leverage; }

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
  void measure_capacity(const Wallet& wallet, int lanes, Capacity& left) const;
  void place_level(std::size_t level, const Ladder& ladder, Capacity& left, int lanes,
                   TradeCounts& counts);
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

  BookTerms terms_;
  std::size_t newest_ = 0;  // of the bars for which an order has its slot
  Holdings held_;
  Column value_{}, max_position_{};
  Column most_value_{};               // of position and order [price]
  std::vector<Resting> bids_, asks_;  // [bar][level]
  std::vector<Trade>* trades_ = nullptr;
};

}  // namespace quotesweep
