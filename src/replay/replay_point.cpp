#include "replay/replay_point.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "replay/ladder.hpp"
#include "replay/pack_runner.hpp"
#include "replay/replay_rule.hpp"
#include "strategy/glft.hpp"

namespace quotesweep {
namespace {

bool alike(const Scenario& a, const Scenario& b) {
  return a.strategy.name == b.strategy.name && a.strategy.form == b.strategy.form &&
         a.strategy.half_spread == b.strategy.half_spread && a.ladder.levels == b.ladder.levels &&
         a.ladder.origin_conventions == b.ladder.origin_conventions && a.book.tick == b.book.tick &&
         a.windows == b.windows && a.warm_up == b.warm_up && a.orders.rule == b.orders.rule &&
         a.orders.order == b.orders.order && a.orders.life == b.orders.life &&
         a.orders.latency == b.orders.latency && a.orders.no_room == b.orders.no_room &&
         a.orders.close_at_end == b.orders.close_at_end &&
         a.orders.post_only == b.orders.post_only && a.market.dt == b.market.dt;
}

/// Ladders whose orders are shares of the largest position need one.
void check_bounded(const Scenario& s) {
  if (is_ladder(s.strategy.name) && s.margin.max_leverage == 0.0 && std::isinf(s.risk.q_max))
    throw Error(
        "risk.max_leverage = 0 and risk.q_max = .inf (one of them must bound the position, of "
        "which "
        "the orders of this strategy are a share); set risk.max_leverage or risk.q_max");
}

/// What users have added to simulated paths has no place in a replay, and would be forgotten.
void check_measured(const Scenario& s) {
  if (!make_further_metrics<double>(s.metrics, s.market, s.fills, s.account).empty())
    throw Error(
        "make_further_metrics returns path metrics (a replay measures none of them); let it return "
        "none where market.model is replay, or run this study without 'tape'");
  if (!make_further_rules<double>(s.risk).empty())
    throw Error(
        "make_further_rules returns risk rules (a replay asks none of them); write a ReplayRule, "
        "or "
        "switch them off in this study");
}

}  // namespace

std::size_t clock_bars(const Scenario& scenario) {
  const double bars = scenario.metrics.clock / scenario.market.dt, whole = std::floor(bars + 0.5);
  if (std::abs(bars - whole) > 1e-9 * std::max(1.0, whole))
    throw Error("metrics.clock = {} (must be a whole number of bars market.dt = {})",
                scenario.metrics.clock, scenario.market.dt);
  return static_cast<std::size_t>(whole);
}

void check_limits(const ReplayPoint& point) {
  for (const auto& scenario : point.symbols) check_bounded(scenario);
}

void check_replay(const Tape& tape, const ReplayPoint& point) {
  const auto& first = point.symbols[0];
  if (!(first.warm_up + 1.0 < static_cast<double>(tape.size())))
    throw Error("signal.warm_up = {} (must be less than the tape's {} bars, less one)",
                first.warm_up, tape.size());
  const auto steps = static_cast<std::int64_t>(tape.size()) - 1;
  check_limits(point);
  for (const auto& scenario : point.symbols) {
    check_measured(scenario);
    if (scenario.strategy.name != StrategyName::glft) continue;
    Scenario lots = in_lots(scenario);
    const auto range = range_on_tape(lots, steps);
    lots.market.horizon = quoting_horizon(lots, steps);
    check_glft(lots.strategy, lots.market, lots.fills, range);
  }
}

bool step_together(const ReplayPoint& a, const ReplayPoint& b) {
  return a.seed == b.seed &&
         std::equal(a.symbols.begin(), a.symbols.end(), b.symbols.begin(), b.symbols.end(), alike);
}

bool steps_in_packs(const ReplayPoint& point) {
  return replays_in_packs(point.symbols) && make_replay_rules(point.symbols).empty();
}

}  // namespace quotesweep
