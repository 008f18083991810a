#include "strategy/strategy.hpp"

#include <utility>

#include "strategy/avellaneda_stoikov.hpp"
#include "strategy/glft.hpp"
#include "strategy/quote_floor.hpp"
#include "strategy/symmetric.hpp"

namespace quotesweep {
namespace {

template <class Real>
std::unique_ptr<Strategy<Real>> make_bare_strategy(const StrategyTerms& terms,
                                                   const PriceProcess& process,
                                                   const FillModel& fills,
                                                   std::shared_ptr<const QuoteTable> table) {
  if (terms.name == StrategyName::glft) return std::make_unique<Glft<Real>>(std::move(table));
  const auto spread = optimal_spread(terms.gamma, process, fills);
  if (terms.name == StrategyName::avellaneda_stoikov)
    return std::make_unique<AvellanedaStoikov<Real>>(spread);
  const bool constant = terms.half_spread == HalfSpread::average;
  return std::make_unique<Symmetric<Real>>(constant ? averaged(spread, process, terms.horizon)
                                                    : spread);
}

}  // namespace

std::shared_ptr<const QuoteTable> make_quote_table(const StrategyTerms& terms,
                                                   const PriceProcess& process,
                                                   const FillModel& fills,
                                                   const InventoryRange& range) {
  if (terms.name != StrategyName::glft) return nullptr;
  return std::make_shared<const QuoteTable>(glft_table(terms, process, fills, range));
}

template <class Real>
std::unique_ptr<Strategy<Real>> make_strategy(const StrategyTerms& terms,
                                              const PriceProcess& process, const FillModel& fills,
                                              std::shared_ptr<const QuoteTable> table) {
  auto strategy = make_bare_strategy<Real>(terms, process, fills, std::move(table));
  if (!terms.floor_quotes) return strategy;
  return std::make_unique<QuoteFloor<Real>>(std::move(strategy));
}

template std::unique_ptr<Strategy<float>> make_strategy(const StrategyTerms&, const PriceProcess&,
                                                        const FillModel&,
                                                        std::shared_ptr<const QuoteTable>);
template std::unique_ptr<Strategy<double>> make_strategy(const StrategyTerms&, const PriceProcess&,
                                                         const FillModel&,
                                                         std::shared_ptr<const QuoteTable>);

}  // namespace quotesweep
