#pragma once

#include "market/account.hpp"
#include "market/structure.hpp"

namespace quotesweep {

/// What trades at market cost: half the book's spread and some ticks of slippage a unit, the ticks
/// n / depth times over where n units are more than the top of the book holds, and the taker fee.
template <class Real>
struct TakerCost {
  Real half_spread = Real(0);  // [price]
  Real slippage = Real(0);     // [price]
  Real per_depth = Real(0);    // 1 / depth [1 / units]; 0 is a depth without bound
  Real fee = Real(0);          // fraction of the value

  bool operator==(const TakerCost&) const = default;
  /// Cost of `units` >= 0 at a mid [price].
  Real cost(Real units, Real mid) const {
    const Real over = units * per_depth, times = over > Real(1) ? over : Real(1);
    return units * (half_spread + slippage * times + fee * mid);
  }
};

template <class Real>
TakerCost<Real> taker_cost(const BookTop& book, const AccountTerms& account,
                           double slippage_ticks) {
  return {.half_spread = static_cast<Real>(book.half_spread()),
          .slippage = static_cast<Real>(slippage_ticks * book.tick),
          .per_depth = static_cast<Real>(book.depth > 0.0 ? 1.0 / book.depth : 0.0),
          .fee = static_cast<Real>(1e-4 * account.taker_fee_bps)};
}

}  // namespace quotesweep
