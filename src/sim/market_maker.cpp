#include "sim/market_maker.hpp"

namespace quotesweep {

template <class Real>
MarketMaker<Real>::MarketMaker(const PointInput& point)
    : horizon_(point.scenario.market.horizon),
      dt_(point.scenario.market.dt),
      strategy_(make_strategy<Real>(point.scenario.strategy, point.scenario.market,
                                    point.scenario.fills, point.quotes)),
      rules_(make_risk_rules<Real>(point.scenario.risk)) {}

template <class Real>
void MarketMaker<Real>::quote(std::int64_t step, const Lanes<Real>& lanes, Quotes<Real>& quotes) {
  strategy_->quote(horizon_ - static_cast<double>(step) * dt_, lanes, quotes);
  for (auto& rule : rules_) rule->restrict_quotes(lanes, quotes);
}

template class MarketMaker<float>;
template class MarketMaker<double>;

}  // namespace quotesweep
