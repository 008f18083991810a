#include "market/desk_account.hpp"

#include <cmath>

#include "base/elementary.hpp"

namespace quotesweep {

template <class Real>
TakerCost<Real> taker_cost(const BookTop& book, const AccountTerms& account,
                           double slippage_ticks) {
  return {.half_spread = static_cast<Real>(book.half_spread()),
          .slippage = static_cast<Real>(slippage_ticks * book.tick),
          .per_depth = static_cast<Real>(book.depth > 0.0 ? 1.0 / book.depth : 0.0),
          .fee = static_cast<Real>(1e-4 * account.taker_fee_bps)};
}

template TakerCost<float> taker_cost(const BookTop&, const AccountTerms&, double);
template TakerCost<double> taker_cost(const BookTop&, const AccountTerms&, double);

template <class Real>
DeskAccount<Real>::DeskAccount(const MarketTerms& market, const FillModel& fills,
                               const AccountTerms& terms, const TakerCost<Real>& taker,
                               double pair_quantity)
    : decay_(static_cast<Real>(fills.decay)),
      log_arrivals_(static_cast<Real>(elementary::log(fills.arrival_rate * market.process.dt))),
      rebate_(static_cast<Real>(-terms.fee_of_fill())),
      rebate_per_unit_(static_cast<Real>(-terms.fee_per_unit)),
      pair_quantity_(static_cast<Real>(
          market.process.model == MarketModel::cointegrated ? pair_quantity : 0.0)),
      partner_price_(static_cast<Real>(market.pair.partner_price)),
      capital_(terms.capital),
      initial_inventory_(terms.initial_inventory),
      taker_(taker) {}

template <class Real>
void DeskAccount<Real>::open(Lanes<Real>& lanes, Desk<Real>& desk) const {
  lanes = {};
  desk = {};
  for (int lane = 0; lane < lane_count; ++lane) {
    lanes.ledger[lane] = capital_;
    lanes.settled[lane] = static_cast<Real>(capital_);
    lanes.inventory[lane] = static_cast<Real>(initial_inventory_);
  }
}

template <class Real>
void DeskAccount<Real>::trade_pair(const MarketStep<Real>& market, const SignalStep<Real>& signals,
                                   Desk<Real>& desk) const {
  for (const int lane : desk.pair_traded)
    desk.pair_cost[lane] = desk.taken_value[lane] = desk.taken_trades[lane] = Real(0);
  desk.pair_traded = *signals.pair_turned;
  for (const int lane : desk.pair_traded) trade_pair(lane, market, signals, desk);
}

template <class Real>
void DeskAccount<Real>::trade_pair(int lane, const MarketStep<Real>& market,
                                   const SignalStep<Real>& signals, Desk<Real>& desk) const {
  const Real direction = signals.pair_direction[lane], units = desk.pair_units[lane];
  const bool in = desk.steps_out[lane] <= Real(0), takes = direction != Real(0);
  const Real wanted = in ? direction * pair_quantity_ : Real(0);
  const Real before = desk.pair_hedge[lane], hedge = takes ? signals.pair_hedge[lane] : before;
  const Real traded = std::abs(wanted - units);
  const Real partner = std::abs(wanted * hedge - units * before);
  const Real mid = market.mid[lane], partner_mid = partner_price_ + market.partner_walk[lane];
  desk.pair_direction[lane] = direction;
  desk.pair_units[lane] = wanted;
  desk.pair_hedge[lane] = hedge;
  desk.pair_cost[lane] = taker_.cost(traded, mid) + taker_.cost(partner, partner_mid);
  desk.taken_value[lane] = traded * mid + partner * partner_mid;
  desk.taken_trades[lane] =
      (traded > Real(0) ? Real(1) : Real(0)) + (partner > Real(0) ? Real(1) : Real(0));
}

template <class Real>
Taken<Real> DeskAccount<Real>::liquidate(int lane, const MarketStep<Real>& market,
                                         Lanes<Real>& lanes, Desk<Real>& desk) const {
  Taken<Real> taken;
  const auto take = [&](Real units, Real mid) {
    taken.cost += taker_.cost(units, mid);
    taken.value += units * mid;
    taken.trades += units > Real(0) ? Real(1) : Real(0);
  };
  const Real mid = market.mid[lane] + market.move[lane];
  take(std::abs(lanes.inventory[lane]), mid);
  taken.inventory_cost = taken.cost;
  if (trades_pair()) {
    const Real units = desk.pair_units[lane];
    take(std::abs(units), mid);
    take(std::abs(units * desk.pair_hedge[lane]),
         partner_price_ + (market.partner_walk[lane] + market.partner_move[lane]));
  }
  lanes.inventory[lane] = Real(0);
  lanes.equity_change[lane] -= taken.cost;
  lanes.equity[lane] -= taken.cost;
  desk.pair_units[lane] = Real(0);
  return taken;
}

template class DeskAccount<float>;
template class DeskAccount<double>;

}  // namespace quotesweep
