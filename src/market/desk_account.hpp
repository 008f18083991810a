#pragma once

#include "base/elementary.hpp"
#include "market/account.hpp"
#include "market/desk.hpp"
#include "market/desk_step.hpp"
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

  /// Opens and closes the position in the spread, at market, in lanes whose pair signal has turned.
  /// A lane that is out of the market waits for the next signal.
  void trade_pair(const MarketStep<Real>& market, const SignalStep<Real>& signals,
                  Desk<Real>& desk) const;

  /// What a step brings a lane: fills, then the move. Books it in `lanes`.
  template <bool paired>
  LaneGain<Real> step(int lane, const DeskStep<Real>& step, const Quotes<Real>& quotes,
                      const Desk<Real>& desk, Lanes<Real>& lanes) const;

  /// Sells and buys back everything in one lane, at market, after the move of this step.
  Taken<Real> liquidate(int lane, const MarketStep<Real>& market, Lanes<Real>& lanes,
                        Desk<Real>& desk) const;

  bool trades_pair() const { return pair_quantity_ != Real(0); }

 private:
  void trade_pair(int lane, const MarketStep<Real>& market, const SignalStep<Real>& signals,
                  Desk<Real>& desk) const;

  Real decay_, log_arrivals_, rebate_, rebate_per_unit_;  // rebates are fees with the other sign
  Real pair_quantity_, partner_price_;
  double capital_, initial_inventory_;
  TakerCost<Real> taker_;
};

template <class Real>
template <bool paired>
[[gnu::always_inline]] inline LaneGain<Real> DeskAccount<Real>::step(int lane,
                                                                     const DeskStep<Real>& step,
                                                                     const Quotes<Real>& quotes,
                                                                     const Desk<Real>& desk,
                                                                     Lanes<Real>& lanes) const {
  const auto& [draws, market, signals] = step;
  LaneGain<Real> gain;
  gain.bid = quotes.bid_distance[lane];
  gain.ask = quotes.ask_distance[lane];
  const bool buys = decay_ * gain.bid - log_arrivals_ < draws.bid_threshold[lane],
             sells = decay_ * gain.ask - log_arrivals_ < draws.ask_threshold[lane];
  gain.bought = elementary::kept_if(buys, desk.bid_size[lane]);
  gain.sold = elementary::kept_if(sells, desk.ask_size[lane]);
  const Real below = gain.bought * gain.bid, above = gain.sold * gain.ask;
  const Real both = gain.bought + gain.sold, captured = below + above;
  gain.value = both * market.mid[lane] + (above - below);
  gain.before = lanes.inventory[lane];
  const Real net = gain.bought - gain.sold, biased = net * desk.bias_shift[lane];
  gain.inventory = gain.before + net;
  gain.bias = -biased;
  gain.spread = captured + biased;
  gain.holding = gain.inventory * market.move[lane];
  gain.fees = rebate_ * gain.value + rebate_per_unit_ * both;
  gain.change = captured + gain.holding + gain.fees;
  gain.pair = Real(0);
  if constexpr (paired) {
    const Real spread_move = market.move[lane] - desk.pair_hedge[lane] * market.partner_move[lane];
    gain.pair = desk.pair_units[lane] * spread_move - desk.pair_cost[lane];
    gain.change += gain.pair;
  }
  lanes.inventory[lane] = gain.inventory;
  lanes.bid_filled[lane] = gain.bought;
  lanes.ask_filled[lane] = gain.sold;
  lanes.traded_value[lane] = gain.value;
  lanes.equity_change[lane] = gain.change;
  lanes.equity[lane] += gain.change;
  return gain;
}

extern template class DeskAccount<float>;
extern template class DeskAccount<double>;

}  // namespace quotesweep
