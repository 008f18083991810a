#include "sim/market_maker.hpp"

namespace quotesweep {

template <class Real>
MarketMaker<Real>::MarketMaker(const PointInput& point)
    : horizon_(point.scenario.market.horizon),
      dt_(point.scenario.market.dt),
      strategy_(make_strategy<Real>(point.scenario.strategy, point.scenario.market,
                                    point.scenario.fills, point.quotes)),
      limit_(point.scenario.risk),
      rules_(make_further_rules<Real>(point.scenario.risk)) {}

template <class Real>
void MarketMaker<Real>::quote(std::int64_t step, const Lanes<Real>& lanes, Quotes<Real>& quotes) {
  strategy_->quote(time_left(step), lanes, quotes);
  limit_.restrict_quotes(lanes, quotes);
  for (auto& rule : rules_) rule->restrict_quotes(lanes, quotes);
}

template <class Real>
bool MarketMaker<Real>::lines(std::int64_t first_step, std::span<QuoteLine> lines) {
  times_left_.resize(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i)
    times_left_[i] = time_left(first_step + static_cast<std::int64_t>(i));
  return rules_.empty() && strategy_->lines(times_left_, lines);
}

template class MarketMaker<float>;
template class MarketMaker<double>;

}  // namespace quotesweep
