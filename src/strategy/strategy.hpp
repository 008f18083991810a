#pragma once

#include <memory>

#include "market/fill_model.hpp"
#include "market/lanes.hpp"
#include "market/price_process.hpp"

namespace quotesweep {

/// A quoting rule. One call serves a whole block of lanes, so an implementation is a plain loop
/// that is as short as a scalar one and still fills vector registers. An object belongs to one
/// point and is used by one thread at a time.
template <class Real>
class Strategy {
 public:
  virtual ~Strategy() = default;

  /// Sets both distances from the mid [price] for every lane, given the time left tau = T - t
  /// [time] and the lanes' state. Distances may be negative; `no_quote` is none.
  virtual void quote(double time_left, const Lanes<Real>& lanes, Quotes<Real>& quotes) = 0;
};

enum class StrategyName { avellaneda_stoikov, symmetric };

/// Half spread of the symmetric strategy.
enum class HalfSpread {
  current,  // Avellaneda and Stoikov's, which narrows with the time left
  average   // its mean over the steps, held constant: the benchmark agent of the paper
};

struct StrategyTerms {
  StrategyName name = StrategyName::avellaneda_stoikov;
  double gamma = 0.1;  // risk aversion [1 / price]
  HalfSpread half_spread = HalfSpread::current;
  bool floor_quotes = false;  // no negative distances
};

/// The strategy that `terms` names, for this price process and fill model.
template <class Real>
std::unique_ptr<Strategy<Real>> make_strategy(const StrategyTerms& terms,
                                              const PriceProcess& process, const FillModel& fills);

extern template std::unique_ptr<Strategy<float>> make_strategy(const StrategyTerms&,
                                                               const PriceProcess&,
                                                               const FillModel&);
extern template std::unique_ptr<Strategy<double>> make_strategy(const StrategyTerms&,
                                                                const PriceProcess&,
                                                                const FillModel&);

}  // namespace quotesweep
