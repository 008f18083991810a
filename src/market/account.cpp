#include "market/account.hpp"

#include "base/elementary.hpp"

namespace quotesweep {
template <class Real>
Account<Real>::Account(const PriceProcess& process, const FillModel& fills,
                       const AccountTerms& terms)
    : decay_(static_cast<Real>(fills.decay)),
      log_arrivals_(static_cast<Real>(elementary::log(fills.arrival_rate * process.dt))),
      initial_price_(static_cast<Real>(process.initial_price)),
      move_scale_(static_cast<Real>(move_scale(process))),
      maker_fee_(static_cast<Real>(terms.fee_of_fill())),
      fee_per_unit_(static_cast<Real>(terms.fee_per_unit)),
      capital_(terms.capital),
      initial_inventory_(terms.initial_inventory) {}

template <class Real>
void Account<Real>::open(Lanes<Real>& lanes) const {
  lanes = {};
  for (int lane = 0; lane < lane_count; ++lane) {
    lanes.ledger[lane] = capital_;
    lanes.settled[lane] = static_cast<Real>(capital_);
    lanes.inventory[lane] = static_cast<Real>(initial_inventory_);
  }
}

template <class Real>
void Account<Real>::step(const StepDraws<Real>& draws, const Quotes<Real>& quotes,
                         Lanes<Real>& lanes) const {
  if (maker_fee_ == Real(0) && fee_per_unit_ == Real(0))
    step_lanes<false>(draws, quotes, lanes);
  else
    step_lanes<true>(draws, quotes, lanes);
}

template <class Real>
template <bool with_fees>
void Account<Real>::step_lanes(const StepDraws<Real>& draws, const Quotes<Real>& quotes,
                               Lanes<Real>& lanes) const {
  const Account terms = *this;  // a local copy, so that stores to lanes cannot change it
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const Real bid = quotes.bid_distance[lane], ask = quotes.ask_distance[lane];
    const Real bought = elementary::one_if<Real>(terms.decay_ * bid - terms.log_arrivals_ <
                                                 draws.bid_threshold[lane]);
    const Real sold = elementary::one_if<Real>(terms.decay_ * ask - terms.log_arrivals_ <
                                               draws.ask_threshold[lane]);
    const Real mid = terms.initial_price_ + terms.move_scale_ * draws.displacement[lane];
    const Real below = bought * bid, above = sold * ask;
    const Real value = (bought + sold) * mid + (above - below);
    const Real inventory = lanes.inventory[lane] + (bought - sold);
    Real change = (below + above) + inventory * (terms.move_scale_ * draws.move[lane]);
    if constexpr (with_fees)
      change -= terms.maker_fee_ * value + terms.fee_per_unit_ * (bought + sold);
    lanes.inventory[lane] = inventory;
    lanes.bid_filled[lane] = bought;
    lanes.ask_filled[lane] = sold;
    lanes.traded_value[lane] = value;
    lanes.equity_change[lane] = change;
    lanes.equity[lane] += change;
  }
}

template <class Real>
void Account<Real>::settle(Lanes<Real>& lanes) const {
  settle_equity(lanes);
}

template class Account<float>;
template class Account<double>;

}  // namespace quotesweep
