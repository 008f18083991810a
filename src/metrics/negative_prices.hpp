#pragma once

#include "market/lanes.hpp"
#include "metrics/path_metric.hpp"

namespace quotesweep {

/// Counts steps at whose start a price is not above zero, which leaves the model: fees of a value
/// become income, and bounds in basis points change their sign. Looks at prices only, so it is told
/// of them a step at a time, and only where there is something to count.
template <class Real>
class NegativePrices {
 public:
  void begin() { counts_ = {}; }
  /// Prices of a step at its start, `partner_walk` from `partner_price` on, or null.
  void observe(const Real* mid, const Real* partner_walk, Real partner_price);
  void observe(const Real* mid) { observe(mid, nullptr, Real(1)); }
  /// Writes its row.
  void finish(const PathRows& rows) const;

 private:
  LaneArray<double> counts_{};
};

extern template class NegativePrices<float>;
extern template class NegativePrices<double>;

}  // namespace quotesweep
