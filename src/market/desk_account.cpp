#include "market/desk_account.hpp"

#include <cmath>

#include "base/elementary.hpp"

namespace quotesweep {

template <class Real>
DeskAccount<Real>::DeskAccount(const MarketTerms& market, const FillModel& fills,
                               const AccountTerms& terms, const TakerCost<Real>& taker,
                               double pair_quantity)
    : decay_(static_cast<Real>(fills.decay)),
      log_arrivals_(static_cast<Real>(elementary::log(fills.arrival_rate * market.process.dt))),
      rebate_(static_cast<Real>(-terms.fee_of_fill())),
      rebate_per_unit_(static_cast<Real>(-terms.fee_per_unit)),
      capital_(terms.capital),
      initial_inventory_(terms.initial_inventory),
      taker_(taker),
      pair_(pair_trading(market, taker, pair_quantity)) {}

template <class Real>
void DeskAccount<Real>::open(Lanes<Real>& lanes) const {
  clear(lanes.equity);
  for (int lane = 0; lane < lane_count; ++lane) {
    lanes.ledger[lane] = capital_;
    lanes.settled[lane] = static_cast<Real>(capital_);
    lanes.inventory[lane] = static_cast<Real>(initial_inventory_);
  }
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
         pair_.partner_price + (market.partner_walk[lane] + market.partner_move[lane]));
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
