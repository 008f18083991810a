#pragma once

#include <memory>
#include <vector>

#include "replay/pack_runner.hpp"
#include "replay/replay_clock.hpp"
#include "replay/replay_point.hpp"
#include "replay/replay_rule.hpp"

namespace quotesweep {

/// Sums along a replay of which the clock keeps a record, followed by each symbol's P&L.
enum ReplaySum { margin_sum, turnover_sum, fees_sum, trades_sum, closings_sum, wins_sum };
inline constexpr std::size_t replay_sum_count = 6;

/// How far lanes have come at the end of an interval: a column per sum.
using ReplayMark = std::vector<Column>;

/// What befalls whole lanes.
struct LaneEvents {
  Column emergencies{};  // bars at whose open positions were closed for their leverage
  Column stopped{};      // 1 after an early stop
  Column liquidated{};   // 1 where the margin was used up
  Column stop_bar{};     // of the early stop or liquidation, else -1
};

/// A block of parameter points on a tape: replays every bar in all lanes together.
///
/// A bar: stops and emergency exits at the open, by the margin there; orders older than their life,
/// or for which there is no more room, are cancelled; strategies quote around the open; orders are
/// checked; the bar fills them; positions are marked at the close. The last bar closes everything
/// at its open.
class ReplayRunner {
 public:
  /// At most `replay_lanes` points that step together. `shelves` has the indicators of each symbol.
  ReplayRunner(const Tape& tape, std::span<BarShelf> shelves, std::span<const ReplayPoint> points);

  /// Replays the whole tape; `watch(bar, runner)` is called after every bar.
  template <class Watch>
  void run(Watch watch) {
    while (bar_ < tape_.size()) {
      advance(bar_);
      watch(bar_++, *this);
    }
  }

  /// Replays up to before bar `end`, many bars at once where `steps_in_packs`; then ladders, what
  /// the books say of the open, and trades to record are not kept up.
  void run_to(std::size_t end);

  int lanes() const { return lanes_; }
  const Wallet& wallet() const { return wallet_; }
  const Column& capital() const { return capital_; }
  /// Margin of each symbol at the present bar.
  const Column& share() const { return share_; }
  const TradeCounts& counts() const { return counts_; }  // settled at the last bar
  const LaneEvents& events() const { return events_; }
  std::size_t symbols() const { return desks_.size(); }
  const SymbolBook& book(std::size_t symbol) const { return desks_[symbol].book; }
  void record(std::size_t symbol, std::vector<Trade>* trades) {
    desks_[symbol].book.record(trades);
  }
  const Ladder& ladder(std::size_t symbol) const { return desks_[symbol].ladder; }
  const Column& max_drawdown() const { return path_.worst; }
  Column max_drawdown_pct() const;
  const Column& exposure() const { return path_.exposure; }
  ReplayMark mark() const;

 private:
  /// Indicators that somebody has asked for, at the present bar.
  struct Signals {
    Signals(const std::vector<Indicator>& wanted, BarShelf& shelf);
    void move_to(std::size_t bar) {
      for (std::size_t i = 0; i < series.size(); ++i) now[i] = series[i][bar];
    }
    std::vector<std::span<const double>> series;
    std::vector<double> now;
  };

  /// One symbol: its strategy, and what it does.
  struct Desk {
    Desk(const Bars& bars, BarShelf& shelf, std::span<const Scenario> lanes, int symbols,
         std::int64_t steps);
    const Bars* bars;
    const BarLevels* levels;
    std::unique_ptr<LadderStrategy> strategy;
    std::vector<std::unique_ptr<ReplayRule>> rules;
    std::vector<Signals> signals;  // of the strategy, then of each rule
    SymbolBook book;
    Ladder ladder;
  };

  void run_pack(std::size_t last);
  void advance(std::size_t bar);
  void measure_margin(std::size_t bar);
  void mark_at_open(std::size_t bar);
  void stop_lanes(std::size_t bar);
  void end_trading(int lane, std::size_t bar);
  void set_margin(int lane, double margin);
  void open_bar(std::size_t bar);
  LadderInput input_of(const Desk& desk, std::size_t bar) const;
  void ask_rules_to_exit(std::size_t bar);
  void quote_all(std::size_t bar);
  void quote(Desk& desk, std::size_t bar);
  bool buys_first(std::size_t symbol, std::size_t bar) const;
  void close_all(std::size_t bar);
  void mark_to_market(std::size_t bar, bool at_open);

  const Tape& tape_;
  int lanes_;
  std::vector<Desk> desks_;
  std::size_t first_bar_;
  FillOrder order_;
  std::uint64_t seed_;
  bool close_at_end_, origin_;
  double dt_;
  Column capital_, least_margin_;
  Wallet wallet_{};
  Column share_{};  // of each symbol in the margin
  TradeCounts counts_;
  std::size_t settle_bars_;  // after which orders might be too many for a tally
  LaneEvents events_;
  MarginPath path_;
  std::size_t bar_ = 0;                      // the next
  std::unique_ptr<PackRunner> pack_runner_;  // where a stretch of bars may be replayed at once
};

}  // namespace quotesweep
