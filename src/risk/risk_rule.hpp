#pragma once

#include <limits>
#include <memory>
#include <vector>

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

struct RiskTerms;

/// Rules beside the limit of the inventory, which every market maker has, in the order in which
/// they are asked.
template <class Real>
std::vector<std::unique_ptr<RiskRule<Real>>> make_further_rules(const RiskTerms& terms);

struct RiskTerms {
  double q_max = std::numeric_limits<double>::infinity();  // largest |inventory| [units]
  double leverage = 0.0;        // largest |inventory| x mid / equity; 0 is without bound
  double drawdown_stop = 0.0;   // drawdown as a fraction of the peak that stops; 0 is none
  double var_limit = 0.0;       // value at risk as a fraction of equity that stops; 0 is none
  double var_level = 0.99;      // of the value at risk
  double var_window = 1000.0;   // [steps]
  double kill_loss = 0.0;       // loss as a fraction of capital that stops for good; 0 is none
  double cooldown = 0.0;        // time out of the market after a stop [time]; 0 is for good
  double slippage = 0.0;        // of what is bought and sold at market [ticks]
  double max_orders = 0.0;      // orders in an interval; 0 is without bound
  double order_interval = 1.0;  // [time]
  double open_orders = 2.0;     // orders that may be open at a time, 1 or 2

  bool operator==(const RiskTerms&) const = default;
};

}  // namespace quotesweep
