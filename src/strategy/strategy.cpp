#include "strategy/strategy.hpp"

#include "strategy/avellaneda_stoikov.hpp"
#include "strategy/quote_floor.hpp"
#include "strategy/symmetric.hpp"

namespace quotesweep {
namespace {

template <class Real>
std::unique_ptr<Strategy<Real>> make_bare_strategy(const StrategyTerms& terms,
                                                   const PriceProcess& process,
                                                   const FillModel& fills) {
  const auto spread = optimal_spread(terms.gamma, process, fills);
  if (terms.name == StrategyName::avellaneda_stoikov)
    return std::make_unique<AvellanedaStoikov<Real>>(spread);
  const bool constant = terms.half_spread == HalfSpread::average;
  return std::make_unique<Symmetric<Real>>(constant ? averaged(spread, process) : spread);
}

}  // namespace

template <class Real>
std::unique_ptr<Strategy<Real>> make_strategy(const StrategyTerms& terms,
                                              const PriceProcess& process, const FillModel& fills) {
  auto strategy = make_bare_strategy<Real>(terms, process, fills);
  if (!terms.floor_quotes) return strategy;
  return std::make_unique<QuoteFloor<Real>>(std::move(strategy));
}

template std::unique_ptr<Strategy<float>> make_strategy(const StrategyTerms&, const PriceProcess&,
                                                        const FillModel&);
template std::unique_ptr<Strategy<double>> make_strategy(const StrategyTerms&, const PriceProcess&,
                                                         const FillModel&);

}  // namespace quotesweep
