#include "replay/symbol_book.hpp"

#include <algorithm>
#include <cmath>

#include "market/average_cost.hpp"

namespace quotesweep {
namespace {

using elementary::one_if;

constexpr double unreachable = 1e300;  // [price]
// A tally holds three counts, each in its own 17 bits.
constexpr double value_tally = 0x1p17, leverage_tally = 0x1p34;
constexpr double lot_slack = 1e-9;  // a size that is whole lots but for rounding stays

/// A limit as it is, or out of reach where it is 0.
double limit_or_none(double limit) {
  return limit > 0.0 ? limit : unreachable;
}

}  // namespace

void settle_counts(TradeCounts& counts, int lanes) {
  for (int lane = 0; lane < lanes; ++lane) {
    const auto tally = static_cast<std::int64_t>(counts.tally[lane]);
    constexpr std::int64_t mask = most_tallied;
    counts.sent[lane] += static_cast<double>(tally & mask);
    counts.rejected_value[lane] += static_cast<double>((tally >> 17) & mask);
    counts.rejected_leverage[lane] += static_cast<double>(tally >> 34);
    counts.tally[lane] = 0.0;
  }
}

SymbolBook::SymbolBook(std::span<const Scenario> lanes, int symbols)
    : rule_(lanes[0].orders.rule),
      worse_(lanes[0].orders.order == FillOrder::worse && rule_ != FillRule::path),
      origin_(lanes[0].ladder.origin_conventions),
      levels_(static_cast<std::size_t>(lanes[0].ladder.levels)),
      depth_(static_cast<std::size_t>(lanes[0].orders.life + lanes[0].orders.latency)),
      latency_(static_cast<std::size_t>(lanes[0].orders.latency)),
      // A millionth less than a tick, because prices on the grid are rounded.
      through_(rule_ == FillRule::trade_through ? lanes[0].book.tick * (1.0 - 1e-6) : 0.0),
      maker_fee_(column(lanes, [](const Scenario& s) { return s.account.fee_of_fill(); })),
      taker_fee_(column(lanes, [](const Scenario& s) { return 1e-4 * s.account.taker_fee_bps; })),
      lot_(column(lanes, [](const Scenario& s) { return s.orders.lot; })),
      min_value_(column(lanes, [](const Scenario& s) { return s.orders.min_value; })),
      slippage_(column(lanes, [](const Scenario& s) { return s.risk.slippage * s.book.tick; })),
      max_leverage_(
          column(lanes, [](const Scenario& s) { return limit_or_none(s.margin.max_leverage); })),
      order_leverage_(column(
          lanes,
          [&](const Scenario& s) { return limit_or_none(s.margin.max_leverage) / symbols; })),
      emergency_(column(
          lanes,
          [&](const Scenario& s) { return limit_or_none(s.margin.emergency_leverage) / symbols; })),
      q_max_(column(lanes, [](const Scenario& s) { return s.risk.q_max; })) {
  Resting none{};
  for (int lane = 0; lane < lane_count; ++lane) none.height[lane] = -unreachable;
  bids_.assign(levels_ * depth_, none);
  asks_.assign(levels_ * depth_, none);
  for (const auto& lane : lanes) has_lots_ = has_lots_ || lane.orders.lot > 0.0;
}

bool SymbolBook::open_bar(double open, const Column& share, int lanes) {
  const double per_open = 1.0 / open;
  each_lane(lanes, [&](int lane) {
    const double mine = share[lane], by_leverage = max_leverage_[lane] * mine * per_open;
    value_[lane] = position_[lane] * open;
    max_position_[lane] = by_leverage < q_max_[lane] ? by_leverage : q_max_[lane];
    most_value_[lane] = order_leverage_[lane] * mine;
  });
  return any_lane(
      lanes, [&](int lane) { return std::abs(value_[lane]) >= emergency_[lane] * share[lane]; });
}

void SymbolBook::place(const LadderInput& input, Ladder& ladder, const Wallet& wallet,
                       TradeCounts& counts) {
  if (has_lots_) cut_to_lots(ladder, input.lanes);
  Capacity left;
  measure_capacity(wallet, input.lanes, left);
  for (std::size_t level = 0; level < levels_; ++level)
    place_level(level, ladder, left, input.lanes, counts);
}

void SymbolBook::cut_to_lots(Ladder& ladder, int lanes) const {
  for (auto& level : ladder.levels)
    for (auto* sizes : {&level.bid_size, &level.ask_size})
      for (int lane = 0; lane < lanes; ++lane)
        if (const double lot = lot_[lane]; lot > 0.0)
          (*sizes)[lane] = lot * std::floor((*sizes)[lane] / lot + lot_slack);
}

void SymbolBook::measure_capacity(const Wallet& wallet, int lanes, Capacity& left) const {
  each_lane(lanes, [&](int lane) {
    const double most = wallet.active[lane] * max_position_[lane], position = position_[lane];
    left.buy[lane] = most - position;
    left.sell[lane] = most + position;
  });
  if (depth_ == 1) return;
  for (std::size_t i = 0; i < bids_.size(); ++i) {
    if (i / levels_ == newest_) continue;  // these end now
    each_lane(lanes, [&](int lane) {
      left.buy[lane] -= bids_[i].size[lane];
      left.sell[lane] -= asks_[i].size[lane];
    });
  }
}

/// An order that a strategy wants, as it is checked.
struct SymbolBook::Wish {
  double left, size, value;  // capacity [units], [units], of the order [price]
};

/// How an order fares in the tally: sent, rejected, or 0 where it is not asked for.
inline double SymbolBook::judge(const Wish& wish, double value_after, int lane) const {
  const double asked = one_if<double>((wish.left > 0.0) & (wish.size > 0.0));
  const bool heavy = wish.value >= min_value_[lane];
  const bool light = std::abs(value_after) <= most_value_[lane];
  return asked * (heavy ? (light ? 1.0 : leverage_tally) : value_tally);
}

void SymbolBook::place_level(std::size_t level, const Ladder& ladder, Capacity& left, int lanes,
                             TradeCounts& counts) {
  const auto& wanted = ladder.levels[level];
  const Column& bid_value = origin_ ? ladder.reservation : wanted.bid;
  const Column& ask_value = origin_ ? ladder.reservation : wanted.ask;
  auto &bid = bids_[newest_ * levels_ + level], &ask = asks_[newest_ * levels_ + level];
  each_lane(lanes, [&](int lane) {
    const double held = value_[lane];
    const double bid_size = wanted.bid_size[lane], ask_size = wanted.ask_size[lane];
    const Wish buy{left.buy[lane], bid_size, bid_size * bid_value[lane]};
    const Wish sell{left.sell[lane], ask_size, ask_size * ask_value[lane]};
    const double bought = judge(buy, held + buy.value, lane);
    const double sold = judge(sell, held - sell.value, lane);
    left.buy[lane] = bought > 0.0 ? buy.left - bid_size : buy.left;
    left.sell[lane] = sold > 0.0 ? sell.left - ask_size : sell.left;
    bid.size[lane] = bought == 1.0 ? bid_size : 0.0;
    ask.size[lane] = sold == 1.0 ? ask_size : 0.0;
    bid.height[lane] = bought == 1.0 ? wanted.bid[lane] : -unreachable;
    ask.height[lane] = sold == 1.0 ? -wanted.ask[lane] : -unreachable;
    counts.tally[lane] += bought + sold;
  });
}

void SymbolBook::fill(const Bar& bar, bool buys_first, Wallet& wallet, int lanes,
                      TradeCounts& counts) {
  if (worse_)
    fill_worse(bar, wallet, lanes, counts);
  else if (rule_ == FillRule::path)
    fill_in_turn(bar, bar.open - bar.low <= bar.high - bar.open, wallet, lanes, counts);
  else
    fill_in_turn(bar, buys_first, wallet, lanes, counts);
  newest_ = (newest_ + 1) % depth_;
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
    entry_[lane] = other.entry_[lane];
    realized_[lane] = other.realized_[lane];
    counts.closings[lane] = other_counts.closings[lane];
    counts.wins[lane] = other_counts.wins[lane];
    counts.flips[lane] = other_counts.flips[lane];
  }
}

template <int side>
void SymbolBook::fill_side(const Bar& bar, Wallet& wallet, int lanes, TradeCounts& counts) {
  const double bound = side * (side > 0 ? bar.low : bar.high) + through_;
  for (std::size_t age = depth_; age-- > latency_;) {
    const std::size_t first = (newest_ + depth_ - age) % depth_ * levels_;
    for (std::size_t level = 0; level < levels_; ++level) {
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
  const double at_once = rule_ == FillRule::path ? side * open : unreachable;
  const Before earlier{position_[0], fees_[0]};
  const double asked = slot.height[0];
  each_lane(lanes, [&](int lane) {
    const double height = slot.height[lane];
    const double filled = one_if<double>(height >= bound),
                 crossed = one_if<double>(height >= at_once);
    const double traded = filled * slot.size[lane];
    const double price = side * (height >= at_once ? at_once : height) * filled;
    const double before = position_[lane];
    const auto booked = book_at_average_cost<double>(before, entry_[lane], side, traded, price);
    const double rate = crossed * taker_fee_[lane] + (1.0 - crossed) * maker_fee_[lane];
    const double value = traded * price, fee = rate * value;
    const double closing = one_if<double>(booked.closed > 0.0);
    position_[lane] = before + side * traded;
    entry_[lane] = booked.entry;
    realized_[lane] += booked.gain;
    fees_[lane] += fee;
    wallet.balance[lane] += booked.gain - fee;
    slot.size[lane] -= traded;
    slot.height[lane] = filled > 0.0 ? -unreachable : height;
    counts.fills[lane] += filled;
    counts.closings[lane] += closing;
    counts.wins[lane] += one_if<double>(booked.gain > 0.0);
    counts.flips[lane] += closing * one_if<double>(traded > booked.closed);
    counts.turnover[lane] += value;
  });
  note(earlier, side * std::min(asked, at_once), asked < at_once);
}

void SymbolBook::note(const Before& before, double price, bool maker) {
  const double units = position_[0] - before.units;
  if (trades_ != nullptr && units != 0.0)
    trades_->push_back({units, price, fees_[0] - before.fees, maker});
}

void SymbolBook::abandon(int lane) {
  position_[lane] = 0.0;
  for (auto* orders : {&bids_, &asks_})
    for (auto& slot : *orders) {
      slot.size[lane] = 0.0;
      slot.height[lane] = -unreachable;
    }
}

void SymbolBook::close_out(const Column& which, double price, Wallet& wallet, int lanes,
                           TradeCounts& counts) {
  const Before earlier{position_[0], fees_[0]};
  const double paid_first = price - std::copysign(slippage_[0], position_[0]);
  for (int lane = 0; lane < lanes; ++lane) {
    const double units = position_[lane];
    if (which[lane] == 0.0 || units == 0.0) continue;
    const double paid = price - std::copysign(slippage_[lane], units);
    const double value = std::abs(units) * paid, fee = taker_fee_[lane] * value;
    const double gain = units * (paid - entry_[lane]);
    position_[lane] = 0.0;
    if (!origin_) value_[lane] = 0.0;
    realized_[lane] += gain;
    fees_[lane] += fee;
    wallet.balance[lane] += gain - fee;
    counts.taken[lane] += 1.0;
    counts.closings[lane] += 1.0;
    counts.wins[lane] += gain > 0.0 ? 1.0 : 0.0;
    counts.turnover[lane] += value;
  }
  note(earlier, paid_first, false);
}

}  // namespace quotesweep
