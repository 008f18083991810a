#include "risk/risk_rule.hpp"

#include <utility>

#include "risk/inventory_limit.hpp"

namespace quotesweep {

template <class Real>
std::vector<std::unique_ptr<RiskRule<Real>>> make_further_rules(const RiskTerms&) {
  return {};
}

template <class Real>
std::vector<std::unique_ptr<RiskRule<Real>>> make_risk_rules(const RiskTerms& terms) {
  std::vector<std::unique_ptr<RiskRule<Real>>> rules;
  rules.push_back(std::make_unique<InventoryLimit<Real>>(terms));
  for (auto& rule : make_further_rules<Real>(terms)) rules.push_back(std::move(rule));
  return rules;
}

template std::vector<std::unique_ptr<RiskRule<float>>> make_further_rules(const RiskTerms&);
template std::vector<std::unique_ptr<RiskRule<double>>> make_further_rules(const RiskTerms&);
template std::vector<std::unique_ptr<RiskRule<float>>> make_risk_rules(const RiskTerms&);
template std::vector<std::unique_ptr<RiskRule<double>>> make_risk_rules(const RiskTerms&);

}  // namespace quotesweep
