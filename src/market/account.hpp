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

/// What one step brought a lane, or a Pack of them.
template <class V>
struct StepOutcome {
  V bought, sold;   // [units]
  V traded_value;   // sum of quantity x fill price [price]
  V inventory;      // after the fills [units]
  V equity_change;  // [price]
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
  void step(const StepDraws<Real>& draws, const StepPrices<Real>& prices,
            const Quotes<Real>& quotes, Lanes<Real>& lanes) const;

  /// The same for a lane from `lane` on, or a Pack of them.
  template <bool with_fees, class V>
  StepOutcome<V> step(const StepDraws<Real>& draws, const StepPrices<Real>& prices, int lane,
                      V bid_distance, V ask_distance, V inventory) const;
  bool has_fees() const { return maker_fee_ != Real(0) || fee_per_unit_ != Real(0); }

  /// Adds the equity gained since the last settlement to the ledger (double precision).
  void settle(Lanes<Real>& lanes) const;

 private:
  template <bool with_fees>
  void step_lanes(const StepDraws<Real>& draws, const StepPrices<Real>& prices,
                  const Quotes<Real>& quotes, Lanes<Real>& lanes) const;

  Real decay_, log_arrivals_, maker_fee_, fee_per_unit_;
  double capital_, initial_inventory_;
};

template <class Real>
template <bool with_fees, class V>
[[gnu::always_inline]] inline StepOutcome<V> Account<Real>::step(const StepDraws<Real>& draws,
                                                                 const StepPrices<Real>& prices,
                                                                 int lane, V bid, V ask,
                                                                 V inventory) const {
  const V bought = one_where<V>(decay_ * bid - log_arrivals_ < load<V>(draws.bid_threshold, lane));
  const V sold = one_where<V>(decay_ * ask - log_arrivals_ < load<V>(draws.ask_threshold, lane));
  const V below = bought * bid, above = sold * ask;
  const V value = (bought + sold) * load<V>(prices.mid, lane) + (above - below);
  const V after = inventory + (bought - sold);
  V change = (below + above) + after * load<V>(prices.change, lane);
  if constexpr (with_fees) change -= maker_fee_ * value + fee_per_unit_ * (bought + sold);
  return {bought, sold, value, after, change};
}

extern template class Account<float>;
extern template class Account<double>;

}  // namespace quotesweep
