#include "market/account.hpp"

#include "base/elementary.hpp"

namespace quotesweep {
template <class Real>
Account<Real>::Account(const PriceProcess& process, const FillModel& fills,
                       const AccountTerms& terms)
    : decay_(static_cast<Real>(fills.decay)),
      log_arrivals_(static_cast<Real>(elementary::log(fills.arrival_rate * process.dt))),
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
void Account<Real>::step(const StepDraws<Real>& draws, const StepPrices<Real>& prices,
                         const Quotes<Real>& quotes, Lanes<Real>& lanes) const {
  if (has_fees())
    step_lanes<true>(draws, prices, quotes, lanes);
  else
    step_lanes<false>(draws, prices, quotes, lanes);
}

template <class Real>
template <bool with_fees>
void Account<Real>::step_lanes(const StepDraws<Real>& draws, const StepPrices<Real>& prices,
                               const Quotes<Real>& quotes, Lanes<Real>& lanes) const {
  const Account terms = *this;  // a local copy, so that stores to lanes cannot change it
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const auto outcome =
        terms.template step<with_fees, Real>(draws, prices, lane, quotes.bid_distance[lane],
                                             quotes.ask_distance[lane], lanes.inventory[lane]);
    lanes.inventory[lane] = outcome.inventory;
    lanes.bid_filled[lane] = outcome.bought;
    lanes.ask_filled[lane] = outcome.sold;
    lanes.traded_value[lane] = outcome.traded_value;
    lanes.equity_change[lane] = outcome.equity_change;
    lanes.equity[lane] += outcome.equity_change;
  }
}

template <class Real>
void Account<Real>::settle(Lanes<Real>& lanes) const {
  settle_equity(lanes);
}

template class Account<float>;
template class Account<double>;

}  // namespace quotesweep
