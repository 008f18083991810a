#include "replay/symbol_book.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace quotesweep {
namespace {

/// A size in whole lots; what is whole but for rounding stays.
double whole_lots(double size, double lot) {
  constexpr double slack = 1e-9;
  return lot > 0.0 ? lot * std::floor(size / lot + slack) : size;
}

}  // namespace

SymbolBook::SymbolBook(std::span<const Scenario> lanes, int symbols) : terms_(lanes, symbols) {
  Resting none{};
  for (int lane = 0; lane < lane_count; ++lane) none.height[lane] = -unreachable;
  bids_.assign(terms_.levels * terms_.depth, none);
  asks_.assign(terms_.levels * terms_.depth, none);
}

bool SymbolBook::open_bar(double open, const Column& share, int lanes) {
  each_lane(lanes, [&](int lane) {
    const auto now = limits_at<double>(terms_, open, held_.position[lane], share[lane], lane);
    value_[lane] = now.value;
    max_position_[lane] = now.max_position;
  });
  return any_lane(lanes, [&](int lane) { return needs_exit(lane, share); });
}

template <int side>
void SymbolBook::measure_side(int lanes) {
  auto& into = side_of<side>();
  each_lane(lanes, [&](int lane) {
    into.units[lane] = side * held_.position[lane];
    into.value[lane] = side * value_[lane];
  });
  const auto& slots = orders<side>();
  for (std::size_t i = 0; terms_.depth > 1 && i < slots.size(); ++i) {
    if (i / terms_.levels == newest_) continue;  // these end now
    each_lane(lanes, [&](int lane) {
      into.units[lane] += slots[i].size[lane];
      into.value[lane] += worth<side>(slots[i], lane);
    });
  }
}

const Column& SymbolBook::measure_exposure(int lanes) {
  measure_side<1>(lanes);
  measure_side<-1>(lanes);
  each_lane(lanes, [&](int lane) { set_exposure(lane); });
  return exposure_;
}

void SymbolBook::make_room(const Column& others, const Wallet& wallet, const Column& share,
                           int lanes) {
  each_lane(lanes, [&](int lane) {
    const double leverage = terms_.order_leverage[lane], alone = leverage * share[lane];
    const double together = leverage * wallet.at_open[lane] - others[lane];
    most_value_[lane] = together < alone && !terms_.origin ? together : alone;
  });
  if (!terms_.origin) {
    if (terms_.depth > 1)
      for (int lane = 0; lane < lanes; ++lane) cancel_newest(lane, most_value_[lane]);
    each_lane(lanes, [&](int lane) {
      most_value_[lane] = exposure_[lane] > most_value_[lane] ? exposure_[lane] : most_value_[lane];
    });
  }
  each_lane(lanes, [&](int lane) { position_[lane] = wallet.active[lane] * max_position_[lane]; });
}

/// Cancels orders of the heavier side, the newest first, the farthest of a bar first, until what is
/// held and rests is worth at most `most`, or none is left there.
void SymbolBook::cancel_newest(int lane, double most) {
  while (exposure_[lane] > most * (1.0 + limit_slack)) {
    const bool is_long = long_.value[lane] >= short_.value[lane] * (1.0 - limit_slack);
    const auto slot = newest_order(is_long ? bids_ : asks_, lane);
    if (!slot) return;
    if (is_long)
      cancel<1>(*slot, lane);
    else
      cancel<-1>(*slot, lane);
  }
}

std::optional<std::size_t> SymbolBook::newest_order(const std::vector<Resting>& orders,
                                                    int lane) const {
  for (std::size_t age = 1; age < terms_.depth; ++age)
    for (std::size_t level = terms_.levels; level-- > 0;) {
      const std::size_t slot =
          (newest_ + terms_.depth - age) % terms_.depth * terms_.levels + level;
      if (orders[slot].size[lane] > 0.0) return slot;
    }
  return std::nullopt;
}

template <int side>
void SymbolBook::cancel(std::size_t slot, int lane) {
  auto& order = orders<side>()[slot];
  auto& of_side = side_of<side>();
  of_side.units[lane] -= order.size[lane];
  of_side.value[lane] -= worth<side>(order, lane);
  order.size[lane] = 0.0;
  order.height[lane] = -unreachable;
  set_exposure(lane);
}

void SymbolBook::place(const LadderInput& input, Ladder& ladder, TradeCounts& counts) {
  if (terms_.has_lots) cut_to_lots(ladder, input.lanes);
  terms_.prices.with([&](const auto& levels) {
    for (std::size_t level = 0; level < terms_.levels; ++level) {
      auto& wanted = ladder.levels[level];
      const std::size_t slot = newest_ * terms_.levels + level;
      const Wanted bid{slot, wanted.bid, wanted.bid_size, highest<1>(levels, input.open)};
      const Wanted ask{slot, wanted.ask, wanted.ask_size, highest<-1>(levels, input.open)};
      place_side<1>(levels, bid, ladder.reservation, input.lanes, counts);
      place_side<-1>(levels, ask, ladder.reservation, input.lanes, counts);
    }
  });
}

/// The greatest height at which an order may rest: with post_only behind the open, a tick or else
/// the next number.
template <int side, class Levels>
double SymbolBook::highest(const Levels& levels, double open) const {
  if (!terms_.post_only) return unreachable;
  if (terms_.prices.tick > 0.0) return side > 0 ? levels.ask(open) - 1.0 : -levels.bid(open) - 1.0;
  return std::nextafter(side * open, -unreachable);
}

template <int side, class Levels>
void SymbolBook::place_side(const Levels& levels, const Wanted& wanted, const Column& reservation,
                            int lanes, TradeCounts& counts) {
  auto& order = orders<side>()[wanted.slot];
  auto& of_side = side_of<side>();
  each_lane(lanes, [&](int lane) {
    const double asked_for = wanted.price[lane];
    const double rounded = side > 0 ? levels.bid(asked_for) : levels.ask(asked_for);
    const double level = side * std::min(side * rounded, wanted.highest);
    const double price = levels.unit * level;
    wanted.price[lane] = price;
    SideRoom<double> room{of_side.units[lane], of_side.value[lane], position_[lane],
                          terms_.q_max[lane], most_value_[lane]};
    const double size =
        terms_.cuts ? cut_to_room(room, wanted.size[lane], price, lane) : wanted.size[lane];
    const double worth = size * (terms_.origin ? reservation[lane] : price);
    const bool fits = terms_.origin ? std::abs(value_[lane] + side * worth) <= most_value_[lane]
                                    : room.has_room(size, worth);
    const auto checked = check_order<double>(terms_, worth, room.asks_for(size), fits, lane);
    room.take(terms_.origin ? checked.asked : checked.sent, size, worth);
    of_side.units[lane] = room.units;
    of_side.value[lane] = room.value;
    order.size[lane] = checked.sent ? size : 0.0;
    order.height[lane] = checked.sent ? side * level : -unreachable;
    counts.tally[lane] += checked.tally;
  });
  each_lane(lanes, [&](int lane) { set_exposure(lane); });
}

/// What fits of an order; all of it where nothing does, so that it is rejected.
double SymbolBook::cut_to_room(const SideRoom<double>& room, double size, double price,
                               int lane) const {
  const double fits = whole_lots(std::min(size, room.units_at(price)), terms_.lot[lane]);
  return fits > limit_slack * size ? fits : size;
}

void SymbolBook::cut_to_lots(Ladder& ladder, int lanes) const {
  for (auto& level : ladder.levels)
    for (auto* sizes : {&level.bid_size, &level.ask_size})
      for (int lane = 0; lane < lanes; ++lane)
        (*sizes)[lane] = whole_lots((*sizes)[lane], terms_.lot[lane]);
}

void SymbolBook::fill(const Bar& bar, bool buys_first, Wallet& wallet, int lanes,
                      TradeCounts& counts) {
  if (terms_.worse)
    fill_worse(bar, wallet, lanes, counts);
  else if (terms_.rule == FillRule::path)
    fill_in_turn(bar, bar.open - bar.low <= bar.high - bar.open, wallet, lanes, counts);
  else
    fill_in_turn(bar, buys_first, wallet, lanes, counts);
  newest_ = (newest_ + 1) % terms_.depth;
}

void SymbolBook::fill_in_turn(const Bar& bar, bool buys_first, Wallet& wallet, int lanes,
                              TradeCounts& counts) {
  if (buys_first) fill_side<1>(bar, wallet, lanes, counts);
  fill_side<-1>(bar, wallet, lanes, counts);
  if (!buys_first) fill_side<1>(bar, wallet, lanes, counts);
}

/// Fills in both orders and keeps, lane by lane, the one that leaves less in the wallet.
void SymbolBook::fill_worse(const Bar& bar, Wallet& wallet, int lanes, TradeCounts& counts) {
  SymbolBook other = *this;
  std::vector<Trade> other_trades;
  if (trades_ != nullptr) other_trades = *trades_;
  other.record(trades_ != nullptr ? &other_trades : nullptr);
  Wallet other_wallet = wallet;
  TradeCounts other_counts = counts;
  fill_in_turn(bar, true, wallet, lanes, counts);
  other.fill_in_turn(bar, false, other_wallet, lanes, other_counts);
  bids_ = other.bids_;
  asks_ = other.asks_;
  for (int lane = 0; lane < lanes; ++lane) {
    const double buys_first = wallet.balance[lane], rounding = 1e-12 * std::abs(buys_first);
    if (!(other_wallet.balance[lane] < buys_first - rounding)) continue;
    if (lane == 0 && trades_ != nullptr) *trades_ = other_trades;
    wallet.balance[lane] = other_wallet.balance[lane];
    held_.entry[lane] = other.held_.entry[lane];
    held_.realized[lane] = other.held_.realized[lane];
    counts.closings[lane] = other_counts.closings[lane];
    counts.wins[lane] = other_counts.wins[lane];
    counts.flips[lane] = other_counts.flips[lane];
  }
}

template <int side>
void SymbolBook::fill_side(const Bar& bar, Wallet& wallet, int lanes, TradeCounts& counts) {
  // Along the path, an order that the open has reached already trades there, and pays for it.
  const Reach reach{side * (side > 0 ? bar.low : bar.high) + terms_.through,
                    terms_.rule == FillRule::path ? side * bar.open : unreachable};
  reached_.clear();
  for (std::size_t age = terms_.depth; age-- > terms_.latency;) {
    const std::size_t first = (newest_ + terms_.depth - age) % terms_.depth * terms_.levels;
    for (std::size_t level = 0; level < terms_.levels; ++level) {
      auto& slot = orders<side>()[first + level];
      if (any_lane(lanes, [&](int lane) { return slot.height[lane] >= reach.bound; }))
        reached_.push_back(&slot);
    }
  }
  if (best_come_first(reach.bound, lanes))
    for (auto* slot : reached_) fill_slot<side>(*slot, reach, wallet, lanes, counts);
  else
    fill_by_price<side>(reach, wallet, lanes, counts);
}

/// Whether in every lane the orders that are reached, from the oldest on, get no better.
bool SymbolBook::best_come_first(double bound, int lanes) const {
  Column last;
  each_lane(lanes, [&](int lane) { last[lane] = unreachable; });
  for (const auto* slot : reached_) {
    const auto is_reached = [&](int lane) { return slot->height[lane] >= bound; };
    if (any_lane(lanes,
                 [&](int lane) { return is_reached(lane) && slot->height[lane] > last[lane]; }))
      return false;
    each_lane(lanes,
              [&](int lane) { last[lane] = is_reached(lane) ? slot->height[lane] : last[lane]; });
  }
  return true;
}

template <int side>
void SymbolBook::fill_by_price(const Reach& reach, Wallet& wallet, int lanes, TradeCounts& counts) {
  std::vector<Resting*> best_first;
  for (int lane = 0; lane < lanes; ++lane) {
    best_first.clear();
    for (auto* slot : reached_)
      if (slot->height[lane] >= reach.bound) best_first.push_back(slot);
    std::ranges::stable_sort(best_first, std::greater{},
                             [&](const Resting* slot) { return slot->height[lane]; });
    for (auto* slot : best_first) {
      const auto before = first_lane(*slot);
      fill_lane<side>(*slot, reach, lane, wallet, counts);
      if (lane == 0) note<side>(before, reach);
    }
  }
}

template <int side>
void SymbolBook::fill_slot(Resting& slot, const Reach& reach, Wallet& wallet, int lanes,
                           TradeCounts& counts) {
  const auto before = first_lane(slot);
  each_lane(lanes, [&](int lane) { fill_lane<side>(slot, reach, lane, wallet, counts); });
  note<side>(before, reach);
}

template <int side>
inline void SymbolBook::fill_lane(Resting& slot, const Reach& reach, int lane, Wallet& wallet,
                                  TradeCounts& counts) {
  const Order<double> order{slot.height[lane], slot.size[lane]};
  Standing<double> standing{held_.position[lane], held_.entry[lane], wallet.balance[lane]};
  const double filled = take_fill<side>(terms_, order, reach, standing, held_, counts, lane);
  held_.position[lane] = standing.position;
  held_.entry[lane] = standing.entry;
  wallet.balance[lane] = standing.balance;
  slot.size[lane] -= filled * order.size;
  slot.height[lane] = filled > 0.0 ? -unreachable : order.height;
}

/// Keeps what an order has traded.
template <int side>
void SymbolBook::note(const Before& before, const Reach& reach) {
  note(before, side * std::min(before.height, reach.at_once) * terms_.prices.unit(),
       before.height < reach.at_once);
}

void SymbolBook::note(const Before& before, double price, bool maker) {
  const double units = held_.position[0] - before.units;
  if (trades_ != nullptr && units != 0.0)
    trades_->push_back({units, price, held_.fees[0] - before.fees, maker});
}

void SymbolBook::abandon(int lane) {
  held_.position[lane] = 0.0;
  for (auto* orders : {&bids_, &asks_})
    for (auto& slot : *orders) {
      slot.size[lane] = 0.0;
      slot.height[lane] = -unreachable;
    }
}

void SymbolBook::close_out(const Column& which, double price, Wallet& wallet, int lanes,
                           TradeCounts& counts) {
  const Before earlier{held_.position[0], held_.fees[0], 0.0};
  const double paid_first = price - std::copysign(terms_.slippage[0], held_.position[0]);
  for (int lane = 0; lane < lanes; ++lane) {
    const double units = held_.position[lane];
    if (which[lane] == 0.0 || units == 0.0) continue;
    const double paid = price - std::copysign(terms_.slippage[lane], units);
    const double value = std::abs(units) * paid, fee = terms_.taker_fee[lane] * value;
    const double gain = units * (paid - held_.entry[lane]);
    held_.position[lane] = 0.0;
    if (!terms_.origin) value_[lane] = 0.0;
    held_.realized[lane] += gain;
    held_.fees[lane] += fee;
    wallet.balance[lane] += gain - fee;
    counts.taken[lane] += 1.0;
    counts.closings[lane] += 1.0;
    counts.wins[lane] += is_gain(gain, units, paid) ? 1.0 : 0.0;
    counts.turnover[lane] += value;
  }
  note(earlier, paid_first, false);
}

}  // namespace quotesweep
