#pragma once

#include <memory>
#include <span>
#include <vector>

#include "risk/inventory_limit.hpp"
#include "risk/risk_rule.hpp"
#include "sim/point_input.hpp"

namespace quotesweep {

/// What decides the quotes of a point: its strategy, then the limit of its inventory, then its
/// further risk rules.
template <class Real>
class MarketMaker {
 public:
  explicit MarketMaker(const PointInput& point);

  /// Quotes at step `step` (from 0) for every lane, as they are sent.
  void quote(std::int64_t step, const Lanes<Real>& lanes, Quotes<Real>& quotes);

  /// Sets the lines that quotes follow from this step on, within the limit of the inventory; false
  /// where they are made in another way.
  bool lines(std::int64_t first_step, std::span<QuoteLine> lines);
  const InventoryLimit<Real>& limit() const { return limit_; }

 private:
  double time_left(std::int64_t step) const { return horizon_ - static_cast<double>(step) * dt_; }

  double horizon_, dt_;
  std::unique_ptr<Strategy<Real>> strategy_;
  InventoryLimit<Real> limit_;
  std::vector<std::unique_ptr<RiskRule<Real>>> rules_;
  std::vector<double> times_left_;  // of some steps
};

extern template class MarketMaker<float>;
extern template class MarketMaker<double>;

}  // namespace quotesweep
