#pragma once

#include "base/elementary.hpp"
#include "market/account.hpp"
#include "market/desk.hpp"
#include "market/desk_step.hpp"
#include "market/pair_trading.hpp"
#include "market/structure.hpp"
#include "market/taker_cost.hpp"

namespace quotesweep {

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

  /// What a step brings a lane: fills, then the move. Books it in `lanes`, but for the traded
  /// value. `pair_gain` is that of the pair over lanes, where it is traded; `bid` and `ask` are the
  /// quotes' distances from the mid.
  template <bool paired>
  LaneGain<Real> step(int lane, const DeskStep<Real>& step, const Real* pair_gain, Real bid,
                      Real ask, Desk<Real>& desk, Lanes<Real>& lanes) const;

  /// Sells and buys back everything in one lane, at market, after the move of this step.
  Taken<Real> liquidate(int lane, const MarketStep<Real>& market, Lanes<Real>& lanes,
                        Desk<Real>& desk) const;

  /// What makers pay is the other sign of these: of the value, and per unit.
  Real rebate() const { return rebate_; }
  Real rebate_per_unit() const { return rebate_per_unit_; }

  bool trades_pair() const { return pair_.quantity != Real(0); }
  const PairTrading<Real>& pair() const { return pair_; }

 private:
  Real decay_, log_arrivals_, rebate_, rebate_per_unit_;  // rebates are fees with the other sign
  double capital_, initial_inventory_;
  TakerCost<Real> taker_;
  PairTrading<Real> pair_;
};

template <class Real>
template <bool paired>
[[gnu::always_inline]] inline LaneGain<Real> DeskAccount<Real>::step(
    int lane, const DeskStep<Real>& step, const Real* pair_gain, Real bid, Real ask,
    Desk<Real>& desk, Lanes<Real>& lanes) const {
  const auto& draws = step.draws;
  const auto& market = step.market;
  LaneGain<Real> gain;
  gain.bid = bid;
  gain.ask = ask;
  gain.buys = decay_ * gain.bid - log_arrivals_ < draws.bid_threshold[lane];
  gain.sells = decay_ * gain.ask - log_arrivals_ < draws.ask_threshold[lane];
  gain.bought = elementary::kept_if(gain.buys, desk.bid_size[lane]);
  gain.sold = elementary::kept_if(gain.sells, desk.ask_size[lane]);
  const Real below = gain.bought * gain.bid, above = gain.sold * gain.ask;
  const Real both = gain.bought + gain.sold;
  gain.captured = below + above;
  gain.value = both * market.mid[lane] + (above - below);
  gain.before = lanes.inventory[lane];
  const Real net = gain.bought - gain.sold;
  gain.inventory = gain.before + net;
  gain.net = net;
  const Real holding = gain.inventory * market.move[lane];
  gain.fees = rebate_ * gain.value + rebate_per_unit_ * both;
  gain.change = gain.captured + holding + gain.fees;
  if constexpr (paired) gain.change += pair_gain[lane];
  lanes.inventory[lane] = gain.inventory;
  desk.bid_level[lane] = gain.buys ? no_bid<Real> : desk.bid_level[lane];
  desk.ask_level[lane] = gain.sells ? no_ask<Real> : desk.ask_level[lane];
  lanes.equity_change[lane] = gain.change;
  lanes.equity[lane] += gain.change;
  return gain;
}

extern template class DeskAccount<float>;
extern template class DeskAccount<double>;

}  // namespace quotesweep
