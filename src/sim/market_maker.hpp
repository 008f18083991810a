#pragma once

#include <memory>
#include <vector>

#include "risk/risk_rule.hpp"
#include "sim/point_input.hpp"

namespace quotesweep {

/// What decides the quotes of a point: its strategy, then its risk rules.
template <class Real>
class MarketMaker {
 public:
  explicit MarketMaker(const PointInput& point);

  /// Quotes at step `step` (from 0) for every lane, as they are sent.
  void quote(std::int64_t step, const Lanes<Real>& lanes, Quotes<Real>& quotes);

 private:
  double horizon_, dt_;
  std::unique_ptr<Strategy<Real>> strategy_;
  std::vector<std::unique_ptr<RiskRule<Real>>> rules_;
};

extern template class MarketMaker<float>;
extern template class MarketMaker<double>;

}  // namespace quotesweep
