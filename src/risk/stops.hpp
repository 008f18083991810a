#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "market/desk.hpp"
#include "market/price_process.hpp"
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

  bool active() const { return active_; }
  void begin(const Lanes<Real>& lanes);
  /// After a step, for every lane: what it has gained, and its equity since the last settlement.
  /// Returns whether it would have to leave, if it is in the market.
  bool observe(int lane, Real change, Real equity);
  /// After all lanes of a step, any of which `would_leave`: counts lanes that are out, and sets
  /// `stop_asked` of those that have to leave. Returns whether there are any.
  bool ask(bool would_leave, const Lanes<Real>& lanes, Desk<Real>& desk);
  /// Both, for lanes that have changed.
  bool watch(const Lanes<Real>& lanes, Desk<Real>& desk);
  /// Whether any lane is out of the market.
  bool any_out() const { return any_out_; }
  /// A lane has left: keeps it out.
  void keep_out(int lane, const Lanes<Real>& lanes, Desk<Real>& desk);
  /// Before the account settles.
  void settle(const Lanes<Real>& lanes);

 private:
  static constexpr int parts = 10;  // of the window

  bool has_fallen(int lane, Real equity, Real peak) const {
    return equity <= keep_ * peak - allowance_[lane];
  }
  bool is_killed(int lane, Real equity) const { return equity <= killing_[lane]; }
  bool ask_each(const Lanes<Real>& lanes, Desk<Real>& desk);
  void watch_var(const Lanes<Real>& lanes, Desk<Real>& desk);
  void end_part(const Lanes<Real>& lanes, const Desk<Real>& desk);
  bool may_exceed(const Lanes<Real>& lanes) const;
  void ask_var(const Lanes<Real>& lanes, Desk<Real>& desk) const;

  bool active_;
  Real drawdown_;  // fraction
  Real keep_;      // 1 - drawdown_
  double kill_;    // [price]
  bool var_;
  double var_limit_, var_score_, capital_;
  Real steps_out_;
  bool any_out_ = false, any_asked_ = false;
  std::int64_t part_length_;  // [steps]
  std::int64_t steps_in_part_ = 0;
  std::size_t part_ = 0;
  std::int64_t parts_made_ = 0;                    // since the start
  LaneArray<double> peak_{};                       // of equity, at the last settlement [price]
  LaneArray<Real> peak_since_{}, peak_settled_{};  // relative to the ledger [price]
  LaneArray<Real> allowance_{};                    // drawdown_ x ledger, or endless [price]
  LaneArray<Real> killing_{};                      // at or below which a lane is killed [price]
  LaneArray<Real> part_start_{};  // equity when this part began, since the settlement
  LaneArray<Real> squares_{};     // of the changes in this part of the window
  LaneArray<Real> squares_now_{}, squares_before_{};  // of this round of parts, and the one before
  std::vector<LaneArray<Real>> part_sums_, part_squares_;  // seldom looked at, so elsewhere
  LaneArray<Real> parts_seen_{};  // whole parts since the start or the last stop
};

template <class Real>
[[gnu::always_inline]] inline bool Stops<Real>::observe(int lane, Real change, Real equity) {
  const Real before = peak_since_[lane], peak = equity > before ? equity : before;
  peak_since_[lane] = peak;
  squares_[lane] += change * change;
  return has_fallen(lane, equity, peak) | is_killed(lane, equity);
}

extern template class Stops<float>;
extern template class Stops<double>;

}  // namespace quotesweep
