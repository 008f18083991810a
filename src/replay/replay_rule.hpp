#pragma once

#include <memory>
#include <span>
#include <vector>

#include "replay/ladder.hpp"

namespace quotesweep {

/// A rule that a replay asks beside its own limits (value and leverage of orders, emergency exits,
/// early stop), once per symbol and bar. One call serves a block of lanes. An object belongs to one
/// symbol of one block.
class ReplayRule {
 public:
  virtual ~ReplayRule() = default;

  /// Indicators to be told at every bar, in `input.signals`.
  virtual std::vector<Indicator> signals() const { return {}; }

  /// At the open: sets `leaves` to 1 in lanes whose position is to be closed at market; never to 0.
  virtual void exit(const LadderInput& input, Column& leaves) {
    static_cast<void>(input), static_cast<void>(leaves);
  }

  /// Before the order check: may cut sizes, to 0 where there is to be no order; never adds one.
  virtual void restrict_orders(const LadderInput& input, Ladder& ladder) {
    static_cast<void>(input), static_cast<void>(ladder);
  }
};

/// The rules of a symbol, whose scenarios in a block of lanes these are. A rule of your own is a
/// line here.
std::vector<std::unique_ptr<ReplayRule>> make_replay_rules(std::span<const Scenario> lanes);

}  // namespace quotesweep
