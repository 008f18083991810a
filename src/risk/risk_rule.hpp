#pragma once

#include "market/lanes.hpp"

namespace quotesweep {

/// A rule that may take quotes away before they are sent. One call serves a whole block of lanes.
template <class Real>
class RiskRule {
 public:
  virtual ~RiskRule() = default;

  /// Withdraws a quote by setting its distance to `no_quote`; never adds or improves one.
  virtual void restrict_quotes(const Lanes<Real>& lanes, Quotes<Real>& quotes) = 0;
};

struct RiskTerms {
  double q_max = 1e6;  // largest |inventory| [units]
};

}  // namespace quotesweep
