#include "risk/risk_rule.hpp"

namespace quotesweep {

template <class Real>
std::vector<std::unique_ptr<RiskRule<Real>>> make_further_rules(const RiskTerms&) {
  return {};
}

template std::vector<std::unique_ptr<RiskRule<float>>> make_further_rules(const RiskTerms&);
template std::vector<std::unique_ptr<RiskRule<double>>> make_further_rules(const RiskTerms&);

}  // namespace quotesweep
