#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/elementary.hpp"
#include "market/desk.hpp"
#include "market/price_process.hpp"
#include "market/running_peak.hpp"
#include "risk/risk_rule.hpp"

namespace quotesweep {

/// Watches equity after every step and asks lanes to leave the market: when it is drawdown_stop
/// below its peak (as a fraction of that), when the value at risk exceeds var_limit x equity, when
/// kill_loss x capital is lost. Out of the market for the cool-down, or for good where that is 0
/// and after kill_loss; peak and window then begin anew.
///
/// The value at risk is that of the P&L over a rolling window by a normal law, z sqrt(n) s - n m
/// with mean m and sd s of the window's n steps; the window moves by tenths of its length. What a
/// stop itself costs does not count.
template <class Real>
class Stops {
 public:
  Stops(const RiskTerms& terms, const PriceProcess& process, double capital);

  /// What stops look at, each since the last settlement and over lanes. Up to the first stop others
  /// measure it anyway; from then on, or from the start, stops keep it themselves.
  struct Seen {
    const RunningPeak<Real>& peak;
    const LaneArray<Real>& squares;  // sum of the squared changes of equity [price^2]
  };

  bool active() const { return active_; }
  void begin(const Lanes<Real>& lanes);
  /// Gathers over lanes whether any might have to leave, by two numbers that are cheap to get.
  struct Watch {
    using Bits = typename elementary::Format<Real>::SignedBits;
    Bits deepest = 0;  // bits of the deepest fall from the peak, which order like it
    Bits safe = -1;    // with its sign, if all lanes are above where they are killed
  };
  /// One lane's part of these, by its equity and its fall from the peak as a fraction of that.
  Watch watch(int lane, Real equity, Real fall) const {
    return {std::bit_cast<typename Watch::Bits>(fall),
            std::bit_cast<typename Watch::Bits>(killing_[lane] - equity)};
  }
  /// Whether any might have to leave; rounding may give a false alarm.
  bool might_leave(const Watch& watch) const {
    return std::bit_cast<Real>(watch.deepest) >= alarm_ || watch.safe >= 0;
  }

  /// Whether nothing is looked at but what `keep` has been given.
  bool keeps() const { return keeps_; }
  /// From here on.
  void keep(const Seen& seen);
  Seen kept() const { return {kept_->peak, kept_->squares}; }
  /// After a step, what is kept; returns whether any lane would have to leave.
  bool observe(const Lanes<Real>& lanes);

  /// After all lanes of a step, any of which `might_leave`: counts lanes that are out, and sets
  /// `stop_asked` of those that have to leave. Returns whether there are any.
  bool ask(bool might_leave, const Seen& seen, const Lanes<Real>& lanes, Desk<Real>& desk);
  /// Whether any lane is out of the market.
  bool any_out() const { return any_out_; }
  /// A lane has left: keeps it out. Requires that stops keep what they look at.
  void keep_out(int lane, const Lanes<Real>& lanes, Desk<Real>& desk);
  /// Before the account settles and before what is seen does.
  void settle(const Seen& seen, const Lanes<Real>& lanes);

 private:
  static constexpr int parts = 10;  // of the window

  bool has_fallen(int lane, Real equity, Real peak) const {
    return equity <= std::fma(keep_, peak, -allowance_[lane]);
  }
  bool is_killed(int lane, Real equity) const { return equity <= killing_[lane]; }
  bool ask_each(const Seen& seen, const Lanes<Real>& lanes, Desk<Real>& desk);
  bool watch_var(const Seen& seen, const Lanes<Real>& lanes, Desk<Real>& desk);
  bool end_part(const Seen& seen, const Lanes<Real>& lanes, const Desk<Real>& desk);
  bool ask_var(const Lanes<Real>& lanes, Desk<Real>& desk) const;
  void set_limits(const Lanes<Real>& lanes);

  bool active_;
  Real drawdown_;  // fraction
  Real keep_;      // 1 - drawdown_
  Real alarm_;     // a little less than drawdown_, or endless
  double kill_;    // [price]
  bool var_;
  double var_limit_, var_score_, capital_;
  Real steps_out_;
  bool any_out_ = false, any_asked_ = false, keeps_ = false;
  std::int64_t part_length_;  // [steps]
  std::int64_t steps_in_part_ = 0;
  std::size_t part_ = 0;
  std::int64_t parts_made_ = 0;  // since the start
  LaneArray<Real> allowance_{};  // drawdown_ x ledger, or endless [price]
  LaneArray<Real> killing_{};    // at or below which a lane is killed [price]
  // What has been seen when this part of the window began.
  LaneArray<Real> part_start_{}, part_squares_start_{};
  LaneArray<Real> squares_now_{}, squares_before_{};  // of this round of parts, and the one before
  std::vector<LaneArray<Real>> part_sums_, part_squares_;  // seldom looked at, so elsewhere
  LaneArray<Real> parts_seen_{};  // whole parts since the start or the last stop
  /// Elsewhere, as it is seldom needed.
  struct Kept {
    RunningPeak<Real> peak;
    LaneArray<Real> squares;
  };
  std::unique_ptr<Kept> kept_;
};

extern template class Stops<float>;
extern template class Stops<double>;

}  // namespace quotesweep
