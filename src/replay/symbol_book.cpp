#include "replay/symbol_book.hpp"

#include <algorithm>
#include <cmath>

namespace quotesweep {
namespace {

constexpr double lot_slack = 1e-9;  // a size that is whole lots but for rounding stays

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
    most_value_[lane] = now.most_value;
  });
  return any_lane(lanes, [&](int lane) { return needs_exit(lane, share); });
}

void SymbolBook::place(const LadderInput& input, Ladder& ladder, const Wallet& wallet,
                       TradeCounts& counts) {
  if (terms_.has_lots) cut_to_lots(ladder, input.lanes);
  Capacity left;
  measure_capacity(wallet, input.lanes, left);
  for (std::size_t level = 0; level < terms_.levels; ++level)
    place_level(level, ladder, left, input.lanes, counts);
}

void SymbolBook::cut_to_lots(Ladder& ladder, int lanes) const {
  for (auto& level : ladder.levels)
    for (auto* sizes : {&level.bid_size, &level.ask_size})
      for (int lane = 0; lane < lanes; ++lane)
        if (const double lot = terms_.lot[lane]; lot > 0.0)
          (*sizes)[lane] = lot * std::floor((*sizes)[lane] / lot + lot_slack);
}

void SymbolBook::measure_capacity(const Wallet& wallet, int lanes, Capacity& left) const {
  each_lane(lanes, [&](int lane) {
    const double most = wallet.active[lane] * max_position_[lane], position = held_.position[lane];
    left.buy[lane] = most - position;
    left.sell[lane] = most + position;
  });
  if (terms_.depth == 1) return;
  for (std::size_t i = 0; i < bids_.size(); ++i) {
    if (i / terms_.levels == newest_) continue;  // these end now
    each_lane(lanes, [&](int lane) {
      left.buy[lane] -= bids_[i].size[lane];
      left.sell[lane] -= asks_[i].size[lane];
    });
  }
}

void SymbolBook::place_level(std::size_t level, const Ladder& ladder, Capacity& left, int lanes,
                             TradeCounts& counts) {
  const auto& wanted = ladder.levels[level];
  const Column& bid_value = terms_.origin ? ladder.reservation : wanted.bid;
  const Column& ask_value = terms_.origin ? ladder.reservation : wanted.ask;
  auto &bid = bids_[newest_ * terms_.levels + level], &ask = asks_[newest_ * terms_.levels + level];
  each_lane(lanes, [&](int lane) {
    const double held = value_[lane];
    const double bid_size = wanted.bid_size[lane], ask_size = wanted.ask_size[lane];
    const Wish<double> buy{left.buy[lane], bid_size, bid_size * bid_value[lane]};
    const Wish<double> sell{left.sell[lane], ask_size, ask_size * ask_value[lane]};
    const auto bought = judge(terms_, buy, held + buy.value, most_value_[lane], lane);
    const auto sold = judge(terms_, sell, held - sell.value, most_value_[lane], lane);
    left.buy[lane] = bought.asked ? buy.left - bid_size : buy.left;
    left.sell[lane] = sold.asked ? sell.left - ask_size : sell.left;
    bid.size[lane] = bought.sent ? bid_size : 0.0;
    ask.size[lane] = sold.sent ? ask_size : 0.0;
    bid.height[lane] = bought.sent ? wanted.bid[lane] : -unreachable;
    ask.height[lane] = sold.sent ? -wanted.ask[lane] : -unreachable;
    counts.tally[lane] += bought.tally + sold.tally;
  });
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
  other.record(nullptr);
  Wallet other_wallet = wallet;
  TradeCounts other_counts = counts;
  fill_in_turn(bar, true, wallet, lanes, counts);
  other.fill_in_turn(bar, false, other_wallet, lanes, other_counts);
  bids_ = other.bids_;
  asks_ = other.asks_;
  for (int lane = 0; lane < lanes; ++lane) {
    if (!(other_wallet.balance[lane] < wallet.balance[lane])) continue;
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
  const double bound = side * (side > 0 ? bar.low : bar.high) + terms_.through;
  for (std::size_t age = terms_.depth; age-- > terms_.latency;) {
    const std::size_t first = (newest_ + terms_.depth - age) % terms_.depth * terms_.levels;
    for (std::size_t level = 0; level < terms_.levels; ++level) {
      auto& slot = orders<side>()[first + level];
      if (any_lane(lanes, [&](int lane) { return slot.height[lane] >= bound; }))
        fill_slot<side>(slot, bound, bar.open, wallet, lanes, counts);
    }
  }
}

template <int side>
void SymbolBook::fill_slot(Resting& slot, double bound, double open, Wallet& wallet, int lanes,
                           TradeCounts& counts) {
  // Along the path, an order that the open has reached already trades there, and pays for it.
  const double at_once = terms_.rule == FillRule::path ? side * open : unreachable;
  const Before earlier{held_.position[0], held_.fees[0]};
  const double asked = slot.height[0];
  const Reach reach{bound, at_once};
  each_lane(lanes, [&](int lane) {
    const Order<double> order{slot.height[lane], slot.size[lane]};
    Standing<double> standing{held_.position[lane], held_.entry[lane], wallet.balance[lane]};
    const double filled = take_fill<side>(terms_, order, reach, standing, held_, counts, lane);
    held_.position[lane] = standing.position;
    held_.entry[lane] = standing.entry;
    wallet.balance[lane] = standing.balance;
    slot.size[lane] -= filled * order.size;
    slot.height[lane] = filled > 0.0 ? -unreachable : order.height;
  });
  note(earlier, side * std::min(asked, at_once), asked < at_once);
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
  const Before earlier{held_.position[0], held_.fees[0]};
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
    counts.wins[lane] += gain > 0.0 ? 1.0 : 0.0;
    counts.turnover[lane] += value;
  }
  note(earlier, paid_first, false);
}

}  // namespace quotesweep
