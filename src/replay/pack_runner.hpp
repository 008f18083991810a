#pragma once

#include <memory>

#include "replay/margin_path.hpp"
#include "replay/quote_rules.hpp"
#include "replay/symbol_book.hpp"

namespace quotesweep {

/// What a register of lanes has, of one symbol.
struct LaneAccounts {
  SymbolBook& book;
  Wallet& wallet;
  TradeCounts& counts;
  MarginPath& path;
  const Column& least_margin;  // [price]
};

/// Bars from `first` to before `last`.
struct BarRange {
  std::size_t first, last;
};

/// The tape as the lanes see it.
struct PackView {
  const Bars& bars;
  const BarLevels& levels;
  std::span<const double> signal;  // that the strategy has asked for, if any
  double dt;                       // [time]

  OpenView at(std::size_t bar) const {
    return {.open = bars.open[bar],
            .time_left = dt * static_cast<double>(bars.open.size() - 1 - bar),
            .signals = signal.empty() ? signal : signal.subspan(bar, 1)};
  }
};

/// Replays a register of lanes through many bars in a row, with what changes at every bar in
/// registers: the commonest replays (one symbol, orders of one bar, no rules of users), with the
/// bits of `ReplayRunner`'s passes over lanes.
class PackRunner {
 public:
  virtual ~PackRunner() = default;

  /// Replays bars, of which none is the tape's last, until something rare asks for the passes: an
  /// emergency exit, or a margin that has fallen too low. The first bar that is not done.
  virtual std::size_t run(BarRange bars, const PackView& view, const LaneAccounts& accounts) = 0;
};

/// Whether a point, whose scenarios for all symbols these are, needs no passes but for what is
/// rare.
bool replays_in_packs(std::span<const Scenario> symbols);

/// For points that step together and replay in packs.
std::unique_ptr<PackRunner> make_pack_runner(std::span<const Scenario> lanes);

}  // namespace quotesweep
