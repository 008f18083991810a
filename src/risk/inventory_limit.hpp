#pragma once

#include "risk/risk_rule.hpp"

namespace quotesweep {

/// No bid at inventory q >= q_max, no ask at q <= -q_max.
template <class Real>
class InventoryLimit final : public RiskRule<Real> {
 public:
  explicit InventoryLimit(const RiskTerms& terms) : limit_(static_cast<Real>(terms.q_max)) {}
  void restrict_quotes(const Lanes<Real>& lanes, Quotes<Real>& quotes) override;

  /// The same for the quotes of a lane, or of a Pack of them.
  template <class V>
  void restrict_quotes(V inventory, V& bid_distance, V& ask_distance) const;

 private:
  Real limit_;
};

template <class Real>
template <class V>
[[gnu::always_inline]] inline void InventoryLimit<Real>::restrict_quotes(V inventory,
                                                                         V& bid_distance,
                                                                         V& ask_distance) const {
  constexpr Real none = no_quote<Real>;
  bid_distance = inventory < limit_ ? bid_distance : none;
  ask_distance = inventory > -limit_ ? ask_distance : none;
}

extern template class InventoryLimit<float>;
extern template class InventoryLimit<double>;

}  // namespace quotesweep
