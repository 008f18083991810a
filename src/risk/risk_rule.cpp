#include "risk/risk_rule.hpp"

#include "risk/inventory_limit.hpp"

namespace quotesweep {

template <class Real>
std::vector<std::unique_ptr<RiskRule<Real>>> make_risk_rules(const RiskTerms& terms) {
  std::vector<std::unique_ptr<RiskRule<Real>>> rules;
  rules.push_back(std::make_unique<InventoryLimit<Real>>(terms));
  return rules;
}

template std::vector<std::unique_ptr<RiskRule<float>>> make_risk_rules(const RiskTerms&);
template std::vector<std::unique_ptr<RiskRule<double>>> make_risk_rules(const RiskTerms&);

}  // namespace quotesweep
