#pragma once

namespace quotesweep {

/// How an arrival intensity becomes the probability of a fill within one step.
enum class FillProbability {
  poisson,   // 1 - exp(-lambda dt): at least one arrival
  bernoulli  // min(1, lambda dt): Avellaneda and Stoikov's own convention
};

/// Exponential arrivals: a quote at distance delta from the mid is hit with intensity
/// lambda = A exp(-k delta), each side independently. Source: Avellaneda and Stoikov (2008),
/// eq. 12. Unrealism: no queue, no partial fills, at most one fill per side and step.
struct FillModel {
  double arrival_rate = 140.0;  // A [1 / time]
  double decay = 1.5;           // k [1 / price]
  FillProbability probability = FillProbability::poisson;

  bool operator==(const FillModel&) const = default;
};

}  // namespace quotesweep
