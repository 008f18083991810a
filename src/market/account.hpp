#pragma once

#include "market/draws.hpp"
#include "market/fill_model.hpp"
#include "market/lanes.hpp"
#include "market/price_process.hpp"

namespace quotesweep {

/// Money: what a market maker starts with and pays per fill.
struct AccountTerms {
  double capital = 1000.0;         // equity at the start, inventory included [price]
  double initial_inventory = 0.0;  // [units]
  double maker_fee = 0.0;          // fraction of traded value; negative is a rebate
  double fee_per_unit = 0.0;       // [price / unit]
  double maker_fee_bps = 0.0;      // added to maker_fee [1e-4]
  double taker_fee_bps = 0.0;      // of what is bought and sold at market [1e-4 of its value]

  bool operator==(const AccountTerms&) const = default;
  /// Fee of a fill as a fraction of its value.
  double fee_of_fill() const { return maker_fee + 1e-4 * maker_fee_bps; }
};

/// Fills quotes against one step's draws, moves the mid and keeps the account.
///
/// Equity E = capital + cash + q S is carried as its changes: a bid filled at distance d below the
/// mid gains d, an ask likewise, the inventory after the fills gains q sigma sqrt(dt) xi, fees are
/// lost. This equals the change of cash + q S exactly, without the cancellation of large prices.
template <class Real>
class Account {
 public:
  Account(const PriceProcess& process, const FillModel& fills, const AccountTerms& terms);

  /// The starting inventory and capital in every lane.
  void open(Lanes<Real>& lanes) const;

  /// One step: fills, then the move.
  void step(const StepDraws<Real>& draws, const Quotes<Real>& quotes, Lanes<Real>& lanes) const;

  /// Adds the equity gained since the last settlement to the ledger (double precision).
  void settle(Lanes<Real>& lanes) const;

 private:
  template <bool with_fees>
  void step_lanes(const StepDraws<Real>& draws, const Quotes<Real>& quotes,
                  Lanes<Real>& lanes) const;

  Real decay_, log_arrivals_, initial_price_, move_scale_, maker_fee_, fee_per_unit_;
  double capital_, initial_inventory_;
};

extern template class Account<float>;
extern template class Account<double>;

}  // namespace quotesweep
