#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/philox.hpp"
#include "walk_tape.hpp"

namespace quotesweep::testing {

/// Money and position of one symbol, kept the long way: every trade is a case of its own.
struct PlainPosition {
  double units = 0.0, entry = 0.0;
  double realized = 0.0, fees = 0.0, cash = 0.0;  // cash: paid and received, fees included

  /// A trade of `quantity` units, negative where sold; gives what the wallet gains.
  double trade(double quantity, double price, double fee_rate) {
    const double fee = fee_rate * std::abs(quantity) * price;
    double gain = 0.0;
    if (units == 0.0 || (units > 0.0) == (quantity > 0.0)) {  // opens, or adds
      entry = (units * entry + quantity * price) / (units + quantity);
    } else if (std::abs(quantity) <= std::abs(units)) {  // closes some, or all
      gain = -quantity * (price - entry);
    } else {  // closes all and turns round
      gain = units * (price - entry);
      entry = price;
    }
    units += quantity;
    realized += gain;
    fees += fee;
    cash -= quantity * price + fee;
    return gain - fee;
  }
};

/// An order that rests.
struct PlainOrder {
  int side;
  double price, size;
  std::size_t sent;  // bar
  double number;     // of all orders
};

/// One point on a tape, bar by bar and order by order, with prices and sizes as the strategy of a
/// ReplayRunner gave them: what the rules of a replay say, written without lanes.
class PlainReplay {
 public:
  PlainReplay(const Tape& tape, const ReplayPoint& point)
      : positions(tape.symbols.size()),
        balance(point.symbols[0].account.capital),
        margin(balance),
        tape_(tape),
        point_(point),
        orders_(tape.symbols.size()) {}

  /// The bar's ladders, lane `lane` of them, are what was quoted.
  template <class LadderOf>
  void advance(std::size_t bar, int lane, LadderOf ladder_of) {
    const auto open_of = [&](const Bars& bars) { return bars.open[bar]; };
    at_open = margin_by(open_of);
    share = at_open / static_cast<double>(tape_.symbols.size());
    if (active && at_open <= (1.0 + 1e-9) * first().margin.early_stop * first().account.capital)
      stop(bar);
    if (bar + 1 == tape_.size()) {
      if (active && first().orders.close_at_end)
        for (std::size_t i = 0; i < positions.size(); ++i) sell_out(i, bar);
      margin = margin_by(open_of);
      if (active && margin <= 0.0) end(bar);
      return;
    }
    if (static_cast<double>(bar) < first().warm_up) return;
    if (active) leave_where_leverage_is_high(bar);
    for (std::size_t i = 0; i < positions.size(); ++i) expire(i, bar);
    for (std::size_t i = 0; active && i < positions.size(); ++i) {
      cancel_what_does_not_fit(i, bar);
      place(i, bar, lane, ladder_of(i));
    }
    if (active && first().margin.max_leverage > 0.0) beyond = std::max(beyond, beyond_limit(bar));
    for (std::size_t i = 0; i < positions.size(); ++i) fill(i, bar);
    margin = margin_by([&](const Bars& bars) { return bars.close[bar]; });
  }

  std::vector<PlainPosition> positions;
  double balance, margin, at_open = 0.0, share = 0.0;
  double beyond = 0.0;  // by which what is held and rests was ever above the limit, over capital
  bool active = true, liquidated = false;
  double stop_bar = -1.0;
  double sent = 0.0, fills = 0.0, taken = 0.0, flips = 0.0, turnover = 0.0;
  double too_small = 0.0, too_heavy = 0.0, exits = 0.0, wins = 0.0, closings = 0.0;
  double even = 0.0;  // trades that neither won nor lost, but for rounding

 private:
  /// What two ways through a bar may leave differently.
  struct State {
    std::vector<PlainPosition> positions;
    std::vector<std::vector<PlainOrder>> orders;
    double balance, fills, turnover, flips, wins, closings;
  };

  const Scenario& first() const { return point_.symbols[0]; }
  const Scenario& at(std::size_t symbol) const { return point_.symbols[symbol]; }
  double count() const { return static_cast<double>(tape_.symbols.size()); }

  void book(std::size_t symbol, double quantity, double price, double rate) {
    auto& position = positions[symbol];
    const double before = position.units, realized = position.realized;
    balance += position.trade(quantity, price, rate);
    turnover += std::abs(quantity) * price;
    if (std::abs(position.units) < 1e-9 * std::abs(quantity)) position.units = 0.0;
    if (before * quantity < 0.0) {
      closings += 1.0;
      const double gain = position.realized - realized;
      if (gain > 0.0) wins += 1.0;
      if (std::abs(gain) < 1e-9 * std::abs(quantity) * price) even += 1.0;
      if (std::abs(quantity) > std::abs(before) && position.units != 0.0) flips += 1.0;
    }
  }

  void sell_out(std::size_t symbol, std::size_t bar) {
    const double units = positions[symbol].units;
    if (units == 0.0) return;
    const Scenario& s = at(symbol);
    const double slip = s.risk.slippage * s.book.tick;
    const double price = tape_.symbols[symbol].open[bar] + (units > 0.0 ? -slip : slip);
    const double before = flips;
    book(symbol, -units, price, 1e-4 * s.account.taker_fee_bps);
    flips = before;
    positions[symbol].units = 0.0;
    taken += 1.0;
  }

  void stop(std::size_t bar) {
    for (std::size_t i = 0; i < positions.size(); ++i) sell_out(i, bar);
    for (auto& orders : orders_) orders.clear();
    at_open = margin = balance;
    end(bar);
  }

  void end(std::size_t bar) {
    liquidated = margin <= 0.0;
    active = false;
    stop_bar = static_cast<double>(bar);
  }

  void leave_where_leverage_is_high(std::size_t bar) {
    double total = 0.0;
    std::vector<double> values;
    for (std::size_t i = 0; i < positions.size(); ++i) {
      values.push_back(std::abs(positions[i].units) * tape_.symbols[i].open[bar]);
      total += values.back();
    }
    const double together = first().margin.max_leverage;
    const bool all = together > 0.0 && total >= together * at_open * (1.0 - 1e-9);
    for (std::size_t i = 0; i < positions.size(); ++i) {
      const double alone = at(i).margin.emergency_leverage;
      const bool leaves = alone > 0.0 && (all || values[i] >= alone * share * (1.0 - 1e-9));
      if (!leaves || positions[i].units == 0.0) continue;
      sell_out(i, bar);
      exits += 1.0;
    }
  }

  /// What is held at the open and rests on a side: units, or money.
  double on_side(std::size_t symbol, std::size_t bar, int side, bool money) const {
    double sum = side * positions[symbol].units * (money ? tape_.symbols[symbol].open[bar] : 1.0);
    for (const auto& order : orders_[symbol])
      if (order.side == side) sum += order.size * (money ? order.price : 1.0);
    return sum;
  }
  double exposure(std::size_t symbol, std::size_t bar) const {
    return std::max({0.0, on_side(symbol, bar, 1, true), on_side(symbol, bar, -1, true)});
  }
  double total_exposure(std::size_t bar) const {
    double sum = 0.0;
    for (std::size_t i = 0; i < positions.size(); ++i) sum += exposure(i, bar);
    return sum;
  }
  /// Part of the capital by which what is held and rests is above the largest leverage, or above
  /// what is held alone where that is more.
  double beyond_limit(std::size_t bar) const {
    double held = 0.0;
    for (std::size_t i = 0; i < positions.size(); ++i)
      held += std::abs(positions[i].units) * tape_.symbols[i].open[bar];
    const double most = std::max(first().margin.max_leverage * at_open, held);
    return (total_exposure(bar) - most) / first().account.capital;
  }
  /// The most that a symbol's exposure may come to.
  double allowed(std::size_t symbol, std::size_t bar) const {
    const double leverage = at(symbol).margin.max_leverage;
    if (leverage == 0.0) return 1e300;
    const double others = total_exposure(bar) - exposure(symbol, bar);
    return std::min(leverage * at_open - others, leverage * share);
  }

  void cancel_what_does_not_fit(std::size_t symbol, std::size_t bar) {
    auto& orders = orders_[symbol];
    const double most = allowed(symbol, bar);
    while (exposure(symbol, bar) > most * (1.0 + 1e-9)) {
      const int side =
          on_side(symbol, bar, 1, true) >= on_side(symbol, bar, -1, true) * (1.0 - 1e-9) ? 1 : -1;
      auto last = orders.rend();
      for (auto order = orders.rbegin(); order != orders.rend() && last == orders.rend(); ++order)
        if (order->side == side) last = order;  // orders lie as they were sent, inner levels first
      if (last == orders.rend()) return;
      orders.erase(std::next(last).base());
    }
  }

  void expire(std::size_t symbol, std::size_t bar) {
    const auto& terms = at(symbol).orders;
    const auto life = static_cast<std::size_t>(terms.life + terms.latency);
    std::erase_if(orders_[symbol],
                  [&](const PlainOrder& order) { return order.sent + life <= bar; });
  }

  void place(std::size_t symbol, std::size_t bar, int lane, const Ladder& ladder) {
    const Scenario& s = at(symbol);
    const double open = tape_.symbols[symbol].open[bar];
    double most = s.risk.q_max;
    if (s.margin.max_leverage > 0.0) most = std::min(most, s.margin.max_leverage * share / open);
    const double heaviest_side = std::max(allowed(symbol, bar), exposure(symbol, bar));
    for (const auto& level : ladder.levels)
      for (const int side : {1, -1}) {
        const double price = side > 0 ? level.bid[lane] : level.ask[lane];
        double size = side > 0 ? level.bid_size[lane] : level.ask_size[lane];
        const double there = on_side(symbol, bar, side, false);
        const double worth = on_side(symbol, bar, side, true);
        if (!(most - there > 1e-9 * (size + std::abs(there)) && size > 0.0)) continue;
        if (s.orders.no_room == NoRoom::cut) {
          double fits = std::min({size, s.risk.q_max - there, (heaviest_side - worth) / price});
          if (s.orders.lot > 0.0) fits = s.orders.lot * std::floor(fits / s.orders.lot + 1e-9);
          if (fits > 1e-9 * size) size = fits;
        }
        if (size * price < s.orders.min_value * (1.0 - 1e-9)) {
          too_small += 1.0;
        } else if (worth + size * price > heaviest_side * (1.0 + 1e-9) ||
                   there + size > s.risk.q_max * (1.0 + 1e-9)) {
          too_heavy += 1.0;
        } else {
          sent += 1.0;
          orders_[symbol].push_back({side, price, size, bar, sent});
        }
      }
  }

  bool buys_first(std::size_t symbol, std::size_t bar) const {
    if (first().orders.order == FillOrder::random)
      return (philox({static_cast<std::uint32_t>(bar), 0, static_cast<std::uint32_t>(symbol), 7},
                     point_.seed)[0] &
              1) != 0;
    return first().orders.order != FillOrder::sells_first;
  }

  void fill(std::size_t symbol, std::size_t bar) {
    const auto& bars = tape_.symbols[symbol];
    const auto& terms = at(symbol).orders;
    const auto in_turn = [&](bool buys) {
      fill_side(symbol, bar, buys ? 1 : -1);
      fill_side(symbol, bar, buys ? -1 : 1);
    };
    if (terms.rule == FillRule::path)
      return in_turn(bars.open[bar] - bars.low[bar] <=
                     bars.high[bar] - bars.open[bar] + 1e-9 * bars.open[bar]);
    if (terms.order != FillOrder::worse) return in_turn(buys_first(symbol, bar));
    const State before = state();
    in_turn(true);
    const State buys = state();
    restore(before);
    in_turn(false);
    if (!(balance < buys.balance - 1e-12 * std::abs(buys.balance))) restore(buys);
  }

  void fill_side(std::size_t symbol, std::size_t bar, int side) {
    const auto& bars = tape_.symbols[symbol];
    const Scenario& s = at(symbol);
    const double tick = s.book.tick;
    // In whole ticks, where there are any; what lies between them as far as it reaches.
    const double low = tick > 0.0 ? std::ceil(bars.low[bar] / tick - 1e-6) : bars.low[bar];
    const double high = tick > 0.0 ? std::floor(bars.high[bar] / tick + 1e-6) : bars.high[bar];
    const double through = s.orders.rule == FillRule::trade_through && tick > 0.0 ? 1.0 : 0.0;
    auto& orders = orders_[symbol];
    const auto better = [side](const PlainOrder& a, const PlainOrder& b) {
      return side * (a.price - b.price) > 1e-9 * b.price;
    };
    std::stable_sort(orders.begin(), orders.end(), better);
    for (auto& order : orders) {
      if (order.side != side || order.sent + static_cast<std::size_t>(s.orders.latency) > bar)
        continue;
      const double level = tick > 0.0 ? std::nearbyint(order.price / tick) : order.price;
      if (side > 0 ? low + through > level : high - through < level) continue;
      const bool crossed = s.orders.rule == FillRule::path &&
                           (side > 0 ? order.price >= bars.open[bar] - 1e-6 * tick
                                     : order.price <= bars.open[bar] + 1e-6 * tick);
      const double rate = crossed ? 1e-4 * s.account.taker_fee_bps : s.account.fee_of_fill();
      book(symbol, side * order.size, crossed ? bars.open[bar] : order.price, rate);
      order.size = 0.0;
      fills += 1.0;
    }
    std::stable_sort(orders.begin(), orders.end(), sent_before);
    std::erase_if(orders, [](const PlainOrder& order) { return order.size == 0.0; });
  }

  static bool sent_before(const PlainOrder& a, const PlainOrder& b) { return a.number < b.number; }

  template <class PriceOf>
  double margin_by(PriceOf price_of) const {
    double sum = balance;
    for (std::size_t i = 0; i < positions.size(); ++i)
      sum += positions[i].units * (price_of(tape_.symbols[i]) - positions[i].entry);
    return sum;
  }

  State state() const {
    return {positions, orders_, balance, fills, turnover, flips, wins, closings};
  }
  void restore(const State& s) {
    positions = s.positions;
    orders_ = s.orders;
    balance = s.balance;
    fills = s.fills;
    turnover = s.turnover;
    flips = s.flips;
    wins = s.wins;
    closings = s.closings;
  }

  const Tape& tape_;
  const ReplayPoint& point_;
  std::vector<std::vector<PlainOrder>> orders_;
};

}  // namespace quotesweep::testing
