#include "replay/replay_runner.hpp"

#include <algorithm>
#include <cmath>

#include "base/elementary.hpp"
#include "base/philox.hpp"

namespace quotesweep {
namespace {

using elementary::one_if;

constexpr double no_limit = 1e300;
constexpr std::uint32_t order_stream = 7;  // of random numbers: which side of a bar fills first

/// One number of every lane's scenario for one symbol; lanes beyond the last repeat it.
template <class Of>
Column column(std::span<const ReplayPoint> points, Of of) {
  Column values{};
  for (int lane = 0; lane < lane_count; ++lane)
    values[lane] =
        of(points[std::min(static_cast<std::size_t>(lane), points.size() - 1)].symbols[0]);
  return values;
}

std::vector<Scenario> scenarios_of(std::span<const ReplayPoint> points, std::size_t symbol) {
  std::vector<Scenario> lanes;
  for (const auto& point : points) lanes.push_back(point.symbols[symbol]);
  return lanes;
}

}  // namespace

ReplayRunner::Signals::Signals(const std::vector<Indicator>& wanted, BarShelf& shelf)
    : now(wanted.size()) {
  for (const auto& signal : wanted) series.push_back(shelf.get(signal));
}

ReplayRunner::Desk::Desk(const Bars& its_bars, BarShelf& shelf, std::span<const Scenario> lanes,
                         int symbols, std::int64_t steps)
    : bars(&its_bars),
      levels(&shelf.levels(BookTerms(lanes, symbols).prices)),
      strategy(make_ladder_strategy(lanes, steps)),
      rules(make_replay_rules(lanes)),
      book(lanes, symbols) {
  signals.emplace_back(strategy->signals(), shelf);
  for (const auto& rule : rules) signals.emplace_back(rule->signals(), shelf);
  ladder.levels.resize(static_cast<std::size_t>(lanes[0].ladder.levels));
}

ReplayRunner::ReplayRunner(const Tape& tape, std::span<BarShelf> shelves,
                           std::span<const ReplayPoint> points)
    : tape_(tape),
      lanes_((static_cast<int>(points.size()) + lane_step - 1) / lane_step * lane_step),
      first_bar_(static_cast<std::size_t>(points[0].symbols[0].warm_up)),
      order_(points[0].symbols[0].orders.order),
      seed_(points[0].seed),
      close_at_end_(points[0].symbols[0].orders.close_at_end),
      origin_(points[0].symbols[0].ladder.origin_conventions),
      dt_(points[0].symbols[0].market.dt),
      capital_(column(points, [](const Scenario& s) { return s.account.capital; })),
      least_margin_(column(points, [](const Scenario& s) {
        return s.margin.early_stop * s.account.capital * (1.0 + limit_slack);
      })) {
  const auto symbols = static_cast<int>(tape.symbols.size());
  for (std::size_t i = 0; i < tape.symbols.size(); ++i)
    desks_.emplace_back(tape.symbols[i], shelves[i], scenarios_of(points, i), symbols,
                        static_cast<std::int64_t>(tape.size()) - 1);
  if (lanes_ == lane_step && std::ranges::all_of(points, steps_in_packs))
    pack_runner_ = make_pack_runner(scenarios_of(points, 0));
  std::size_t orders = 0;  // at most, in a bar
  for (const auto& desk : desks_) orders += 2 * desk.ladder.levels.size();
  settle_bars_ = std::max<std::size_t>(1, most_tallied / orders);
  for (int lane = 0; lane < lane_count; ++lane) {
    wallet_.balance[lane] = wallet_.margin[lane] = path_.peak[lane] = capital_[lane];
    path_.fraction_peak[lane] = capital_[lane];
    wallet_.active[lane] = 1.0;
    events_.stop_bar[lane] = -1.0;
  }
}

void ReplayRunner::run_to(std::size_t end) {
  while (bar_ < end) {
    const std::size_t last = std::min(end, tape_.size() - 1);
    if (pack_runner_ && bar_ >= first_bar_ && bar_ < last) run_pack(last);
    if (bar_ < end) advance(bar_++);
  }
}

void ReplayRunner::run_pack(std::size_t last) {
  auto& desk = desks_[0];
  settle_counts(counts_, lanes_);
  const auto& series = desk.signals[0].series;
  bar_ = pack_runner_->run(
      {bar_, std::min(last, bar_ + settle_bars_ - 1)},
      {*desk.bars, *desk.levels, series.empty() ? std::span<const double>() : series[0], dt_},
      {desk.book, wallet_, counts_, path_, least_margin_});
}

void ReplayRunner::advance(std::size_t bar) {
  measure_margin(bar);
  if (any_lane(lanes_, [&](int lane) { return wallet_.at_open[lane] <= least_margin_[lane]; }))
    stop_lanes(bar);
  if (bar % settle_bars_ == 0 || bar + 1 == tape_.size()) settle_counts(counts_, lanes_);
  if (bar + 1 == tape_.size()) return close_all(bar);
  if (bar < first_bar_) return;
  for (auto& desk : desks_)
    for (auto& signals : desk.signals) signals.move_to(bar);
  open_bar(bar);
  ask_rules_to_exit(bar);
  quote_all(bar);
  for (std::size_t i = 0; i < desks_.size(); ++i) {
    const auto& levels = *desks_[i].levels;
    desks_[i].book.fill({levels.open[bar], levels.high[bar], levels.low[bar]}, buys_first(i, bar),
                        wallet_, lanes_, counts_);
  }
  mark_to_market(bar, false);
}

/// The margin at a bar's open, by its prices; in the origin that of the last close.
void ReplayRunner::measure_margin(std::size_t bar) {
  if (origin_)
    wallet_.at_open = wallet_.margin;
  else
    mark_at_open(bar);
  const double per_symbol = 1.0 / static_cast<double>(desks_.size());
  each_lane(lanes_, [&](int lane) { share_[lane] = per_symbol * wallet_.at_open[lane]; });
}

void ReplayRunner::mark_at_open(std::size_t bar) {
  Column gains;
  each_lane(lanes_, [&](int lane) { gains[lane] = 0.0; });
  for (const auto& desk : desks_)
    each_lane(lanes_, [&, &book = desk.book, open = desk.bars->open[bar]](int lane) {
      gains[lane] += book.position()[lane] * (open - book.entry()[lane]);
    });
  each_lane(lanes_, [&](int lane) { wallet_.at_open[lane] = wallet_.balance[lane] + gains[lane]; });
}

inline void ReplayRunner::set_margin(int lane, double margin) {
  auto fall = path_.fall<double>(lane);
  fall.take(margin);
  path_.set(lane, fall);
  wallet_.margin[lane] = margin;
}

void ReplayRunner::end_trading(int lane, std::size_t bar) {
  (wallet_.margin[lane] > 0.0 ? events_.stopped : events_.liquidated)[lane] = 1.0;
  events_.stop_bar[lane] = static_cast<double>(bar);
  wallet_.active[lane] = 0.0;
  least_margin_[lane] = -no_limit;
}

/// Takes lanes out for good whose margin has fallen too low. What they hold is sold at the open; in
/// the origin it was left as it was.
void ReplayRunner::stop_lanes(std::size_t bar) {
  Column which{};
  for (int lane = 0; lane < lanes_; ++lane)
    which[lane] = one_if<double>(wallet_.at_open[lane] <= least_margin_[lane]);
  if (!origin_)
    for (auto& desk : desks_)
      desk.book.close_out(which, desk.bars->open[bar], wallet_, lanes_, counts_);
  for (int lane = 0; lane < lanes_; ++lane) {
    if (which[lane] == 0.0) continue;
    if (!origin_) set_margin(lane, wallet_.balance[lane]);
    end_trading(lane, bar);
    wallet_.balance[lane] = wallet_.at_open[lane] = wallet_.margin[lane];
    for (auto& desk : desks_) desk.book.abandon(lane);
  }
}

/// Closes a symbol whose leverage on its share of the margin is too high; and all of them where
/// their values together, in the origin net of one another, reach the largest leverage.
void ReplayRunner::open_bar(std::size_t bar) {
  bool exits = false;
  Column total;
  for (auto& desk : desks_) {
    exits |= desk.book.open_bar(desk.bars->open[bar], share_, lanes_);
    const auto& value = desk.book.value();
    if (&desk == desks_.data()) each_lane(lanes_, [&](int lane) { total[lane] = 0.0; });
    each_lane(lanes_,
              [&](int lane) { total[lane] += origin_ ? value[lane] : std::abs(value[lane]); });
  }
  const auto& most = desks_[0].book.exit_leverage();
  const auto exceeds = [&](int lane) {
    return std::abs(total[lane]) >= most[lane] * wallet_.at_open[lane] * (1.0 - limit_slack);
  };
  if (!any_lane(lanes_, exceeds) && !exits) return;
  for (auto& desk : desks_) {
    Column leaving;
    for (int lane = 0; lane < lanes_; ++lane) {
      const bool leaves = desk.book.needs_exit(lane, share_) || exceeds(lane);
      leaving[lane] =
          wallet_.active[lane] * one_if<double>(leaves && desk.book.value()[lane] != 0.0);
      events_.emergencies[lane] += leaving[lane];
    }
    desk.book.close_out(leaving, desk.bars->open[bar], wallet_, lanes_, counts_);
  }
}

LadderInput ReplayRunner::input_of(const Desk& desk, std::size_t bar) const {
  return {.lanes = lanes_,
          .bar = static_cast<std::int64_t>(bar),
          .open = desk.bars->open[bar],
          .time_left = dt_ * static_cast<double>(tape_.size() - 1 - bar),
          .signals = desk.signals[0].now,
          .position = desk.book.position(),
          .entry = desk.book.entry(),
          .margin = share_,
          .max_position = desk.book.max_position()};
}

/// Closes what users' rules want closed.
void ReplayRunner::ask_rules_to_exit(std::size_t bar) {
  for (auto& desk : desks_)
    for (std::size_t i = 0; i < desk.rules.size(); ++i) {
      auto input = input_of(desk, bar);
      input.signals = desk.signals[i + 1].now;
      Column leaves{};
      desk.rules[i]->exit(input, leaves);
      for (int lane = 0; lane < lanes_; ++lane) {
        leaves[lane] =
            leaves[lane] * wallet_.active[lane] * one_if<double>(desk.book.position()[lane] != 0.0);
        events_.emergencies[lane] += leaves[lane];
      }
      desk.book.close_out(leaves, desk.bars->open[bar], wallet_, lanes_, counts_);
    }
}

/// All symbols quote before any is filled, each with the room that the others leave.
void ReplayRunner::quote_all(std::size_t bar) {
  Column total{}, others;
  for (auto& desk : desks_) {
    const auto& exposure = desk.book.measure_exposure(lanes_);
    each_lane(lanes_, [&](int lane) { total[lane] += exposure[lane]; });
  }
  for (auto& desk : desks_) {
    const auto& exposure = desk.book.exposure();
    each_lane(lanes_, [&](int lane) { others[lane] = total[lane] - exposure[lane]; });
    desk.book.make_room(others, wallet_, share_, lanes_);
    quote(desk, bar);
    each_lane(lanes_, [&](int lane) { total[lane] = others[lane] + exposure[lane]; });
  }
}

void ReplayRunner::quote(Desk& desk, std::size_t bar) {
  auto input = input_of(desk, bar);
  desk.strategy->quote(input, desk.ladder);
  for (std::size_t i = 0; i < desk.rules.size(); ++i) {
    input.signals = desk.signals[i + 1].now;
    desk.rules[i]->restrict_orders(input, desk.ladder);
  }
  desk.book.place(input, desk.ladder, counts_);
}

bool ReplayRunner::buys_first(std::size_t symbol, std::size_t bar) const {
  if (order_ != FillOrder::random) return order_ != FillOrder::sells_first;
  const auto at = static_cast<std::uint64_t>(bar);
  const auto words = philox({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at >> 32),
                             static_cast<std::uint32_t>(symbol), order_stream},
                            seed_);
  return (words[0] & 1) != 0;
}

void ReplayRunner::close_all(std::size_t bar) {
  if (close_at_end_)
    for (auto& desk : desks_)
      desk.book.close_out(wallet_.active, desk.bars->open[bar], wallet_, lanes_, counts_);
  mark_to_market(bar, true);
  for (int lane = 0; lane < lanes_; ++lane)
    if (wallet_.active[lane] > 0.0 && wallet_.margin[lane] <= 0.0) end_trading(lane, bar);
}

void ReplayRunner::mark_to_market(std::size_t bar, bool at_open) {
  Column others;  // unrealised P&L of the symbols before the last
  each_lane(lanes_, [&](int lane) { others[lane] = 0.0; });
  for (auto& desk : desks_) {
    const bool is_last = &desk == &desks_.back();
    const double price = at_open ? desk.bars->open[bar] : desk.bars->close[bar];
    const auto gain = [&, &held = desk.book.holdings()](int lane) {
      path_.exposure[lane] += std::abs(held.position[lane]) * price;
      return held.unrealized[lane] = held.position[lane] * (price - held.entry[lane]);
    };
    if (is_last)
      each_lane(lanes_, [&](int lane) {
        set_margin(lane, wallet_.balance[lane] + (others[lane] + gain(lane)));
      });
    else
      each_lane(lanes_, [&](int lane) { others[lane] += gain(lane); });
  }
}

Column ReplayRunner::max_drawdown_pct() const {
  Column fraction{};
  for (int lane = 0; lane < lanes_; ++lane)
    fraction[lane] = path_.fraction_drop[lane] / path_.fraction_peak[lane];
  return fraction;
}

ReplayMark ReplayRunner::mark() const {
  ReplayMark mark(replay_sum_count + desks_.size());
  mark[margin_sum] = wallet_.margin;
  mark[turnover_sum] = counts_.turnover;
  mark[closings_sum] = counts_.closings;
  mark[wins_sum] = counts_.wins;
  for (int lane = 0; lane < lanes_; ++lane)
    mark[trades_sum][lane] = counts_.fills[lane] + counts_.taken[lane];
  for (std::size_t i = 0; i < desks_.size(); ++i)
    for (int lane = 0; lane < lanes_; ++lane) {
      const auto& book = desks_[i].book;
      mark[fees_sum][lane] += book.fees()[lane];
      mark[replay_sum_count + i][lane] =
          book.realized()[lane] - book.fees()[lane] + book.unrealized()[lane];
    }
  return mark;
}

}  // namespace quotesweep
