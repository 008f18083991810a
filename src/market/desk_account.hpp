#pragma once

#include "market/account.hpp"
#include "market/desk.hpp"
#include "market/market_path.hpp"
#include "market/signal_step.hpp"
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

  /// Cost of `units` >= 0 at a mid [price].
  Real cost(Real units, Real mid) const {
    const Real over = units * per_depth, times = over > Real(1) ? over : Real(1);
    return units * (half_spread + slippage * times + fee * mid);
  }
};

template <class Real>
TakerCost<Real> taker_cost(const BookTop& book, const AccountTerms& account, double slippage_ticks);

/// The account of a complete market maker: orders with sizes, a position in the spread of a pair,
/// trades at market, and each step's gain by where it came from.
///
/// Equity is carried as its changes, like `Account` does; with orders of one unit and nothing else
/// its numbers are the same bits.
template <class Real>
class DeskAccount {
 public:
  DeskAccount(const MarketTerms& market, const FillModel& fills, const AccountTerms& terms,
              const TakerCost<Real>& taker, double pair_quantity);

  void open(Lanes<Real>& lanes, Desk<Real>& desk) const;

  /// Opens and closes the position in the spread, at market, as the pair signal says. A lane that
  /// is out of the market waits for the next signal.
  void trade_pair(const MarketStep<Real>& market, const SignalStep<Real>& signals,
                  Desk<Real>& desk) const;

  /// One step: fills, then the move.
  void step(const StepDraws<Real>& draws, const MarketStep<Real>& market,
            const Quotes<Real>& quotes, Lanes<Real>& lanes, Desk<Real>& desk) const;

  /// Sells and buys back everything in one lane, at market, after the move of this step.
  Taken<Real> liquidate(int lane, const MarketStep<Real>& market, Lanes<Real>& lanes,
                        Desk<Real>& desk) const;

  bool trades_pair() const { return pair_quantity_ != Real(0); }

 private:
  template <bool with_fees, bool with_pair>
  void step_lanes(const StepDraws<Real>& draws, const MarketStep<Real>& market,
                  const Quotes<Real>& quotes, Lanes<Real>& lanes, Desk<Real>& desk) const;

  Real decay_, log_arrivals_, maker_fee_, fee_per_unit_, pair_quantity_, partner_price_;
  double capital_, initial_inventory_;
  TakerCost<Real> taker_;
};

extern template class DeskAccount<float>;
extern template class DeskAccount<double>;

}  // namespace quotesweep
