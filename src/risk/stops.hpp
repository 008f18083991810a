#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

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
  /// Whether a lane might have to leave, by the deepest fall of any from its peak as a fraction of
  /// that: who is killed has fallen by kill_loss of the capital, which no peak is below. Rounding
  /// may give a false alarm.
  bool might_leave(Real deepest) const { return deepest >= alarm_; }

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
  /// Whether any lane has left the market since the start.
  bool any_left() const { return any_left_; }
  /// Whether any lane is out of it.
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
  void see_part(const Desk<Real>& desk);
  void fetch_part(std::size_t part) const;
  bool ask_var(const Lanes<Real>& lanes, Desk<Real>& desk) const;
  void set_limits(const Lanes<Real>& lanes);

  bool active_;
  Real drawdown_;  // fraction
  Real keep_;      // 1 - drawdown_
  Real alarm_;     // the fall with which the first lane may have to leave, a little less
  double kill_;    // [price]
  bool var_;
  double var_limit_, var_score_, capital_;
  Real steps_out_;
  bool any_out_ = false, any_asked_ = false, keeps_ = false;
  bool any_left_ = false;     // since the start
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
  LaneArray<Real> parts_seen_{};  // whole parts since the start or the last stop, once any has left
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
