#pragma once

#include <array>
#include <cstdint>

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
/// with mean m and sd s of the window's n steps; the window moves by tenths of its length.
template <class Real>
class Stops {
 public:
  Stops(const RiskTerms& terms, const PriceProcess& process, double capital);

  bool active() const { return drawdown_ > Real(0) || var_ || kill_ > 0.0; }
  void begin(const Lanes<Real>& lanes);
  /// After a step: counts lanes that are out, and sets `stop_asked` of those that have to leave.
  /// Returns whether there are any.
  bool watch(const Lanes<Real>& lanes, Desk<Real>& desk);
  /// A lane has left: keeps it out.
  void keep_out(int lane, const Lanes<Real>& lanes, Desk<Real>& desk);
  /// Before the account settles.
  void settle(const Lanes<Real>& lanes);

 private:
  static constexpr int parts = 10;  // of the window

  bool watch_drawdown(const Lanes<Real>& lanes, Desk<Real>& desk);
  void watch_var(const Lanes<Real>& lanes, Desk<Real>& desk);

  Real drawdown_;  // fraction
  double kill_;    // [price]
  bool var_;
  double var_limit_, var_score_, capital_;
  Real steps_out_;
  std::int64_t part_length_;  // [steps]
  std::int64_t steps_in_part_ = 0;
  int part_ = 0;
  LaneArray<double> peak_{};                       // of equity, at the last settlement [price]
  LaneArray<Real> peak_since_{}, peak_settled_{};  // relative to the ledger [price]
  LaneArray<Real> allowance_{};                    // drawdown_ x ledger [price]
  LaneArray<Real> gained_{};                       // ledger less capital [price]
  LaneArray<Real> sums_{}, squares_{};             // of this part of the window
  std::array<LaneArray<Real>, parts> part_sums_{}, part_squares_{};
  LaneArray<Real> parts_seen_{};  // whole parts since the start or the last stop
};

extern template class Stops<float>;
extern template class Stops<double>;

}  // namespace quotesweep
