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

  void open(Lanes<Real>& lanes) const;

  /// Fills a lane's open orders: sets distances and fills of this step, and the levels that stay.
  void fill(int lane, const StepDraws<Real>& draws, const LaneOrders<Real>& orders,
            Quotes<Real>& quotes, Lanes<Real>& lanes, Desk<Real>& desk) const;

  /// What a step brings a lane: its fills, then the move. Books it in `lanes`, but for the traded
  /// value. `pair_gain` is that of the pair over lanes, where it is traded; `by_unit` says whether
  /// there is a rebate per unit.
  template <bool paired, bool by_unit>
  LaneGain<Real> step(int lane, const MarketStep<Real>& market, const Real* pair_gain,
                      const Quotes<Real>& quotes, Lanes<Real>& lanes) const;

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
[[gnu::always_inline]] inline void DeskAccount<Real>::fill(int lane, const StepDraws<Real>& draws,
                                                           const LaneOrders<Real>& orders,
                                                           Quotes<Real>& quotes, Lanes<Real>& lanes,
                                                           Desk<Real>& desk) const {
  using elementary::kept_if;
  const Real bid = orders.bid_open ? orders.bid : no_quote<Real>;
  const Real ask = orders.ask_open ? orders.ask : no_quote<Real>;
  const bool buys =
      orders.bid_open & (decay_ * orders.bid - log_arrivals_ < draws.bid_threshold[lane]);
  const bool sells =
      orders.ask_open & (decay_ * orders.ask - log_arrivals_ < draws.ask_threshold[lane]);
  quotes.bid_distance[lane] = bid;
  quotes.ask_distance[lane] = ask;
  lanes.bid_filled[lane] = kept_if(buys, orders.bid_size);
  lanes.ask_filled[lane] = kept_if(sells, orders.ask_size);
  desk.bid_level[lane] = orders.bid_open ^ buys ? orders.bid_level : no_bid<Real>;
  desk.ask_level[lane] = orders.ask_open ^ sells ? orders.ask_level : no_ask<Real>;
}

template <class Real>
template <bool paired, bool by_unit>
[[gnu::always_inline]] inline LaneGain<Real> DeskAccount<Real>::step(int lane,
                                                                     const MarketStep<Real>& market,
                                                                     const Real* pair_gain,
                                                                     const Quotes<Real>& quotes,
                                                                     Lanes<Real>& lanes) const {
  LaneGain<Real> gain;
  gain.bid = quotes.bid_distance[lane];
  gain.ask = quotes.ask_distance[lane];
  gain.bought = lanes.bid_filled[lane];
  gain.sold = lanes.ask_filled[lane];
  const Real below = gain.bought * gain.bid, above = gain.sold * gain.ask;
  const Real both = gain.bought + gain.sold;
  gain.captured = below + above;
  gain.value = both * market.mid[lane] + (above - below);
  gain.before = lanes.inventory[lane];
  const Real net = gain.bought - gain.sold;
  gain.inventory = gain.before + net;
  gain.net = net;
  const Real holding = gain.inventory * market.move[lane];
  gain.fees = rebate_ * gain.value;
  if constexpr (by_unit) gain.fees += rebate_per_unit_ * both;
  gain.change = gain.captured + holding + gain.fees;
  if constexpr (paired) gain.change += pair_gain[lane];
  lanes.inventory[lane] = gain.inventory;
  lanes.equity_change[lane] = gain.change;
  lanes.equity[lane] += gain.change;
  return gain;
}

extern template class DeskAccount<float>;
extern template class DeskAccount<double>;

}  // namespace quotesweep
