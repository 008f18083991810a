#pragma once

#include "strategy/strategy.hpp"

namespace quotesweep {

/// Quotes linear in the inventory, whatever the time: bid distance d + q s, ask distance d - q s.
template <class Real>
class Linear final : public Strategy<Real> {
 public:
  /// `distance` d [price] and `skew` s [price / unit].
  Linear(double distance, double skew) : distance_(distance), skew_(skew) {}
  void quote(double time_left, const Lanes<Real>& lanes, Quotes<Real>& quotes) override;

 private:
  double distance_, skew_;
};

extern template class Linear<float>;
extern template class Linear<double>;

}  // namespace quotesweep
