#pragma once

#include <algorithm>
#include <optional>
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

/// One bar of one symbol, in levels.
struct Bar {
  double open, high, low;
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

  /// At a bar's open, after exits: what is held and rests, by its heavier side [price].
  const Column& measure_exposure(int lanes);
  /// Sets the most that `exposure()` may come to, given that of all other symbols and the margin at
  /// the open; cancels resting orders that no longer fit, the newest and farthest first.
  void make_room(const Column& others, const Wallet& wallet, const Column& share, int lanes);
  /// Takes over what the strategy wants at this bar, rounded to levels and lots; what is not
  /// allowed is rejected or cut. Leaves in the ladder what was wanted, rounded.
  void place(const LadderInput& input, Ladder& ladder, TradeCounts& counts);
  const Column& exposure() const { return exposure_; }
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
    return std::abs(value_[lane]) >= terms_.emergency[lane] * share[lane] * (1.0 - limit_slack);
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
  const Column& exit_leverage() const { return terms_.exit_leverage; }

 private:
  /// Orders of one side in one slot. Heights are side x level (bids 1, asks -1), so that on both
  /// sides the higher is reached first; that of no order is never reached.
  struct Resting {
    Column height, size;
  };

  template <int side>
  std::vector<Resting>& orders() {
    return side > 0 ? bids_ : asks_;
  }
  /// What is held and rests on one side: the position as far as it is on this side (negative where
  /// it is on the other), and orders.
  struct Side {
    Column units, value;  // [units], [price]
  };
  template <int side>
  Side& side_of() {
    return side > 0 ? long_ : short_;
  }
  template <int side>
  void measure_side(int lanes);
  template <int side>
  double worth(const Resting& slot, int lane) const {
    return slot.size[lane] * (side * slot.height[lane] * terms_.prices.unit());
  }
  void set_exposure(int lane) {
    exposure_[lane] = std::max({long_.value[lane], short_.value[lane], 0.0});
  }
  void cancel_newest(int lane, double most);
  std::optional<std::size_t> newest_order(const std::vector<Resting>& orders, int lane) const;
  template <int side>
  void cancel(std::size_t slot, int lane);
  /// What a strategy wants at one level of a side.
  struct Wanted {
    std::size_t slot;
    Column &price, &size;  // [price], [units]
    double highest;        // that its height may be
  };
  template <int side, class Levels>
  double highest(const Levels& levels, double open) const;
  template <int side, class Levels>
  void place_side(const Levels& levels, const Wanted& wanted, const Column& reservation, int lanes,
                  TradeCounts& counts);
  double cut_to_room(const SideRoom<double>& room, double size, double price, int lane) const;
  void cut_to_lots(Ladder& ladder, int lanes) const;
  template <int side>
  void fill_side(const Bar& bar, Wallet& wallet, int lanes, TradeCounts& counts);
  bool best_come_first(double bound, int lanes) const;
  template <int side>
  void fill_slot(Resting& slot, const Reach& reach, Wallet& wallet, int lanes, TradeCounts& counts);
  template <int side>
  void fill_by_price(const Reach& reach, Wallet& wallet, int lanes, TradeCounts& counts);
  template <int side>
  void fill_lane(Resting& slot, const Reach& reach, int lane, Wallet& wallet, TradeCounts& counts);
  /// What the first lane had before a trade, and the height of its order.
  struct Before {
    double units, fees, height;
  };
  Before first_lane(const Resting& slot) const {
    return {held_.position[0], held_.fees[0], slot.height[0]};
  }
  template <int side>
  void note(const Before& before, const Reach& reach);
  void note(const Before& before, double price, bool maker);
  void fill_in_turn(const Bar& bar, bool buys_first, Wallet& wallet, int lanes,
                    TradeCounts& counts);
  void fill_worse(const Bar& bar, Wallet& wallet, int lanes, TradeCounts& counts);

  BookTerms terms_;
  std::size_t newest_ = 0;  // of the bars for which an order has its slot
  Holdings held_;
  Column value_{}, max_position_{};
  Column position_{};  // at which orders are no longer sent [units]
  Side long_{}, short_{};
  Column exposure_{};                 // the heavier side [price]
  Column most_value_{};               // of it; in the origin of position and one order [price]
  std::vector<Resting> bids_, asks_;  // [bar][level]
  std::vector<Resting*> reached_;     // of the side that is filled, oldest first
  std::vector<Trade>* trades_ = nullptr;
};

}  // namespace quotesweep
