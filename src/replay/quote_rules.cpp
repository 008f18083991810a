#include "replay/quote_rules.hpp"

namespace quotesweep {
namespace {

/// Orders that a strategy of this name sends at each side; stoikov and vanilla have one level,
/// whatever those beside them in a sweep have.
double orders_a_side(const Scenario& s) {
  const auto name = s.strategy.name;
  return name == StrategyName::stoikov || name == StrategyName::vanilla ? 1.0 : s.ladder.levels;
}

}  // namespace

Around::Around(std::span<const Scenario> lanes)
    : min_spread(column(lanes, [](const Scenario& s) { return s.ladder.min_spread; })),
      share(column(lanes,
                   [](const Scenario& s) { return s.margin.aggressivity / orders_a_side(s); })),
      rounding{lanes[0].book.tick, lanes[0].ladder.origin_conventions} {}

StoikovRule::StoikovRule(std::span<const Scenario> lanes)
    : around(lanes),
      gamma(column(lanes, [](const Scenario& s) { return s.strategy.gamma; })),
      gamma_spread(column(lanes, [](const Scenario& s) { return s.ladder.gamma_spread; })) {
  const bool rolling = lanes[0].strategy.name == StrategyName::stoikov;
  variance = column(
      lanes, [&](const Scenario& s) { return rolling ? 1.0 : s.market.sigma * s.market.sigma; });
  if (rolling)
    wanted = {{IndicatorKind::volatility, static_cast<int>(lanes[0].windows.volatility)}};
}

}  // namespace quotesweep
