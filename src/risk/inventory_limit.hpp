#pragma once

#include "risk/risk_rule.hpp"

namespace quotesweep {

/// No bid at inventory q >= q_max, no ask at q <= -q_max.
template <class Real>
class InventoryLimit final : public RiskRule<Real> {
 public:
  explicit InventoryLimit(const RiskTerms& terms) : limit_(static_cast<Real>(terms.q_max)) {}
  void restrict_quotes(const Lanes<Real>& lanes, Quotes<Real>& quotes) override;

 private:
  Real limit_;
};

extern template class InventoryLimit<float>;
extern template class InventoryLimit<double>;

}  // namespace quotesweep
