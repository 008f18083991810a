#include "replay/pack_runner.hpp"

#include <algorithm>
#include <array>

#include "replay/quote_rules.hpp"

namespace quotesweep {
namespace {

constexpr std::size_t most_levels = 20;  // of strategy.levels

/// What changes at every bar.
struct Moving {
  Standing<Octet> standing;
  MarginFall<Octet> fall;
  Octet margin, exposure, tally;
};

Moving load(const LaneAccounts& a) {
  return {.standing = {at<Octet>(a.book.position(), 0), at<Octet>(a.book.entry(), 0),
                       at<Octet>(a.wallet.balance, 0)},
          .fall = a.path.fall<Octet>(0),
          .margin = at<Octet>(a.wallet.margin, 0),
          .exposure = at<Octet>(a.path.exposure, 0),
          .tally = at<Octet>(a.counts.tally, 0)};
}

void store(const Moving& now, const LaneAccounts& a) {
  auto& held = a.book.holdings();
  at<Octet>(held.position, 0) = now.standing.position;
  at<Octet>(held.entry, 0) = now.standing.entry;
  at<Octet>(a.wallet.balance, 0) = now.standing.balance;
  a.path.set(0, now.fall);
  at<Octet>(a.wallet.margin, 0) = now.margin;
  at<Octet>(a.path.exposure, 0) = now.exposure;
  at<Octet>(a.counts.tally, 0) = now.tally;
}

/// A level's orders, sent or not.
struct Placed {
  Octet bid_level, ask_level, bid_size, ask_size;
  OctetMask bid_sent, ask_sent;

  Order<Octet> bid() const { return order(bid_sent, bid_level, bid_size); }
  Order<Octet> ask() const { return order(ask_sent, -ask_level, ask_size); }

 private:
  static Order<Octet> order(const OctetMask& sent, const Octet& height, const Octet& size) {
    return {sent ? height : Octet{} - unreachable, sent ? size : Octet{}};
  }
};

template <std::size_t count>
using Levels = std::array<Placed, count>;

/// Heights that a bar reaches.
struct Bounds {
  double bid, ask;
};

/// A bar before its fills.
struct AtOpen {
  OpenView view;
  Octet margin;
  Limits<Octet> limits;
  Bounds bounds;
};

template <class Rule>
class RuleRunner final : public PackRunner {
 public:
  explicit RuleRunner(std::span<const Scenario> lanes)
      : rule_(lanes),
        levels_(Rule::levels(static_cast<std::size_t>(lanes[0].ladder.levels))),
        sells_first_(lanes[0].orders.order == FillOrder::sells_first) {
    const BookTerms terms(lanes, 1);
    for (int lane = 0; lane < lane_count; ++lane)
      exit_leverage_[lane] =
          std::min(terms.emergency[lane], terms.exit_leverage[lane]) * (1.0 - limit_slack);
  }

  std::size_t run(BarRange bars, const PackView& view, const LaneAccounts& accounts) override {
    std::size_t done = bars.first;
    accounts.book.terms().prices.with([&](const auto& levels) {
      done = levels_ == 1 ? replay<1>(levels, bars, view, accounts)
                          : replay<most_levels>(levels, bars, view, accounts);
    });
    return done;
  }

 private:
  /// With one level, `levels` is a constant, and its orders stay in registers.
  template <std::size_t count, class Grid>
  std::size_t replay(const Grid& grid, BarRange bars, const PackView& view,
                     const LaneAccounts& accounts) const {
    const auto& terms = accounts.book.terms();
    Moving now = load(accounts);
    Levels<count> levels;
    std::size_t bar = bars.first;
    for (; bar < bars.last; ++bar) {
      const double open = view.bars.open[bar];
      const Octet margin = now.standing.balance + unrealized(now.standing, open);
      const auto limits = limits_at<Octet>(terms, open, now.standing.position, margin, 0);
      if (needs_passes(limits, margin, accounts.least_margin)) [[unlikely]]
        break;
      const AtOpen at_open{
          view.at(bar),
          margin,
          limits,
          {view.levels.low[bar] + terms.through, terms.through - view.levels.high[bar]}};
      if (holds_somewhere(place(grid, at_open, accounts, now, levels)))
        fill(levels, at_open.bounds, now, accounts);
      mark(now, view.bars.close[bar]);
    }
    store(now, accounts);
    if (bar > bars.first)
      at<Octet>(accounts.book.holdings().unrealized, 0) =
          unrealized(now.standing, view.bars.close[bar - 1]);
    return bar;
  }

  /// Whether a margin has fallen too low, or a position is to be closed at the open.
  bool needs_passes(const Limits<Octet>& limits, const Octet& margin,
                    const Column& least_margin) const {
    const Octet value = magnitude(limits.value);
    const OctetMask leaves = value >= at<Octet>(exit_leverage_, 0) * margin;
    const OctetMask low = margin <= at<Octet>(least_margin, 0);
    // Lanes whose margin was used up reach their leverage with nothing.
    return holds_somewhere(leaves | low) && holds_somewhere((leaves & (value > 0.0)) | low);
  }

  /// Sends what the rule wants and the checks let pass. Where the bar reaches an order.
  template <std::size_t count, class Grid>
  OctetMask place(const Grid& grid, const AtOpen& at_open, const LaneAccounts& accounts,
                  Moving& now, Levels<count>& levels) const {
    const auto& terms = accounts.book.terms();
    const auto& [view, margin, limits, bounds] = at_open;
    const auto seen = rule_.at_open(view);
    const Room<Octet> room{now.standing.position, limits.max_position};
    const Octet most = at<Octet>(terms.order_leverage, 0) * margin, held = magnitude(limits.value);
    SideRoom<Octet> buys{.units = room.position,
                         .value = limits.value,
                         .position = at<Octet>(accounts.wallet.active, 0) * limits.max_position,
                         .q_max = at<Octet>(terms.q_max, 0),
                         .most = held > most ? held : most};
    SideRoom<Octet> sells = buys;
    sells.units = -buys.units;
    sells.value = -buys.value;
    OctetMask reached{};
    for (std::size_t i = 0; i < used(levels); ++i) {
      const auto quote = rule_.quote(RawPrices{}, seen, static_cast<double>(i), room, 0);
      const Octet bid = grid.bid(quote.bid), ask = grid.ask(quote.ask);
      const Octet bid_worth = quote.bid_size * (grid.unit * bid);
      const Octet ask_worth = quote.ask_size * (grid.unit * ask);
      const auto bought = check_order<Octet>(terms, bid_worth, buys.asks_for(quote.bid_size),
                                             buys.has_room(quote.bid_size, bid_worth), 0);
      const auto sold = check_order<Octet>(terms, ask_worth, sells.asks_for(quote.ask_size),
                                           sells.has_room(quote.ask_size, ask_worth), 0);
      buys.take(bought.sent, quote.bid_size, bid_worth);
      sells.take(sold.sent, quote.ask_size, ask_worth);
      now.tally += bought.tally + sold.tally;
      reached |= (bought.sent & (bid >= bounds.bid)) | (sold.sent & (-ask >= bounds.ask));
      levels[i] = {bid, ask, quote.bid_size, quote.ask_size, bought.sent, sold.sent};
    }
    return reached;
  }

  template <std::size_t count>
  void fill(const Levels<count>& levels, const Bounds& bounds, Moving& now,
            const LaneAccounts& a) const {
    const auto buy = [&] {
      for (std::size_t i = 0; i < used(levels); ++i)
        take_fill<1>(a.book.terms(), levels[i].bid(), {bounds.bid, unreachable}, now.standing,
                     a.book.holdings(), a.counts, 0);
    };
    if (!sells_first_) buy();
    for (std::size_t i = 0; i < used(levels); ++i)
      take_fill<-1>(a.book.terms(), levels[i].ask(), {bounds.ask, unreachable}, now.standing,
                    a.book.holdings(), a.counts, 0);
    if (sells_first_) buy();
  }

  template <std::size_t count>
  std::size_t used(const Levels<count>&) const {
    return count == 1 ? 1 : levels_;
  }

  static Octet unrealized(const Standing<Octet>& standing, double price) {
    return standing.position * (price - standing.entry);
  }

  static void mark(Moving& now, double price) {
    now.exposure += magnitude(now.standing.position) * price;
    now.margin = now.standing.balance + unrealized(now.standing, price);
    now.fall.take(now.margin);
  }

  Rule rule_;
  std::size_t levels_;
  bool sells_first_;
  Column exit_leverage_;  // at which positions are closed at the open
};

}  // namespace

bool replays_in_packs(std::span<const Scenario> symbols) {
  const auto& s = symbols[0];
  const bool ruled = s.strategy.name == StrategyName::tokyo ||
                     s.strategy.name == StrategyName::stoikov ||
                     s.strategy.name == StrategyName::vanilla;
  const auto& orders = s.orders;
  return symbols.size() == 1 && ruled && !s.ladder.origin_conventions && orders.life == 1.0 &&
         orders.latency == 0.0 && orders.lot == 0.0 && orders.no_room == NoRoom::reject &&
         orders.rule != FillRule::path && !orders.post_only &&
         (orders.order == FillOrder::buys_first || orders.order == FillOrder::sells_first);
}

std::unique_ptr<PackRunner> make_pack_runner(std::span<const Scenario> lanes) {
  if (lanes[0].strategy.name == StrategyName::tokyo)
    return std::make_unique<RuleRunner<TokyoRule>>(lanes);
  return std::make_unique<RuleRunner<StoikovRule>>(lanes);
}

}  // namespace quotesweep
