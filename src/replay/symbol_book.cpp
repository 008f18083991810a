#include "replay/symbol_book.hpp"

#include <algorithm>
#include <cmath>

#include "market/average_cost.hpp"

namespace quotesweep {
namespace {

using elementary::one_if;

constexpr double unreachable = 1e300;  // [price]
constexpr double lot_slack = 1e-9;     // a size that is whole lots but for rounding stays

template <class Of>
Column column(std::span<const Scenario> lanes, Of of) {
  Column values{};
  for (int lane = 0; lane < replay_lanes; ++lane)
    values[lane] = of(lanes[std::min(static_cast<std::size_t>(lane), lanes.size() - 1)]);
  return values;
}

/// A limit as it is, or out of reach where it is 0.
double limit_or_none(double limit) {
  return limit > 0.0 ? limit : unreachable;
}

}  // namespace

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
      most_share_(column(
          lanes,
          [&](const Scenario& s) { return limit_or_none(s.margin.max_leverage) / symbols; })),
      slippage_(column(lanes, [](const Scenario& s) { return s.risk.slippage * s.book.tick; })) {
  Resting none{};
  none.highest = -unreachable;
  for (int lane = 0; lane < lane_count; ++lane) none.height[lane] = -unreachable;
  bids_.assign(levels_ * depth_, none);
  asks_.assign(levels_ * depth_, none);
}

void SymbolBook::value_at(double price, int lanes) {
#pragma omp simd
  for (int lane = 0; lane < lanes; ++lane) value_[lane] = position_[lane] * price;
}

void SymbolBook::place(const LadderInput& input, const Ladder& ladder, const Wallet& wallet,
                       TradeCounts& counts) {
  place_side<1>(input, ladder, wallet, counts);
  place_side<-1>(input, ladder, wallet, counts);
}

/// What the position and the orders that rest already leave of the largest position.
template <int side>
Column SymbolBook::open_capacity(const LadderInput& in) {
  Column capacity;
#pragma omp simd
  for (int lane = 0; lane < in.lanes; ++lane)
    capacity[lane] = in.max_position[lane] - side * position_[lane];
  if (depth_ == 1) return capacity;
  const auto& slots = orders<side>();
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (i / levels_ == newest_) continue;  // these end now
#pragma omp simd
    for (int lane = 0; lane < in.lanes; ++lane) capacity[lane] -= slots[i].size[lane];
  }
  return capacity;
}

template <int side>
void SymbolBook::place_side(const LadderInput& in, const Ladder& ladder, const Wallet& wallet,
                            TradeCounts& counts) {
  Column capacity = open_capacity<side>(in);
  for (std::size_t level = 0; level < levels_; ++level) {
    const auto& wanted = ladder.levels[level];
    const Column& prices = side > 0 ? wanted.bid : wanted.ask;
    const Column& sizes = side > 0 ? wanted.bid_size : wanted.ask_size;
    const Column& valued_at = origin_ ? ladder.reservation : prices;
    auto& slot = orders<side>()[newest_ * levels_ + level];
    double highest = -unreachable;
#pragma omp simd reduction(max : highest)
    for (int lane = 0; lane < in.lanes; ++lane) {
      const double lot = lot_[lane], wish = sizes[lane];
      const double size = lot > 0.0 ? lot * std::floor(wish / lot + lot_slack) : wish;
      const double asked =
          one_if<double>(capacity[lane] > 0.0) * one_if<double>(size > 0.0) * wallet.active[lane];
      const double value = size * valued_at[lane];
      const double heavy = one_if<double>(value >= min_value_[lane]);
      const double light = one_if<double>(std::abs(value_[lane] + side * value) <=
                                          most_share_[lane] * in.margin[lane]);
      const double sent = asked * heavy * light;
      const double height = sent > 0.0 ? side * prices[lane] : -unreachable;
      capacity[lane] -= asked * size;
      slot.size[lane] = sent * size;
      slot.height[lane] = height;
      highest = height > highest ? height : highest;
      counts.sent[lane] += sent;
      counts.rejected_value[lane] += asked * (1.0 - heavy);
      counts.rejected_leverage[lane] += asked * heavy * (1.0 - light);
    }
    slot.highest = highest;
  }
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
      if (slot.highest >= bound) fill_slot<side>(slot, bound, bar.open, wallet, lanes, counts);
    }
  }
}

template <int side>
void SymbolBook::fill_slot(Resting& slot, double bound, double open, Wallet& wallet, int lanes,
                           TradeCounts& counts) {
  // Along the path, an order that the open has reached already trades there, and pays for it.
  const double at_once = rule_ == FillRule::path ? side * open : unreachable;
  slot.highest = -unreachable;
#pragma omp simd
  for (int lane = 0; lane < lanes; ++lane) {
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
  }
  if (depth_ == 1) return;
  for (int lane = 0; lane < lanes; ++lane) slot.highest = std::max(slot.highest, slot.height[lane]);
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
  for (int lane = 0; lane < lanes; ++lane) {
    const double units = position_[lane];
    if (which[lane] == 0.0 || units == 0.0) continue;
    const double paid = price - std::copysign(slippage_[lane], units);
    const double value = std::abs(units) * paid, fee = taker_fee_[lane] * value;
    const double gain = units * (paid - entry_[lane]);
    position_[lane] = 0.0;
    realized_[lane] += gain;
    fees_[lane] += fee;
    wallet.balance[lane] += gain - fee;
    counts.taken[lane] += 1.0;
    counts.closings[lane] += 1.0;
    counts.wins[lane] += gain > 0.0 ? 1.0 : 0.0;
    counts.turnover[lane] += value;
  }
}

}  // namespace quotesweep
