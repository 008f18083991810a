#include "risk/stops.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/elementary.hpp"

namespace quotesweep {
namespace {

/// A drawdown that no account has [price].
constexpr double endless = 1e30;

/// Parts that are more than a window has, and that every float can count.
constexpr std::int64_t many = 1000;

/// Steps that no horizon has.
constexpr double for_good = 1e30;

/// z with Phi(z) = level.
double normal_score(double level) {
  const double tail = std::min(level, 1.0 - level);
  return level < 0.5 ? elementary::normal_quantile(tail, 0.5 - tail, -1.0)
                     : elementary::normal_quantile(tail, 0.5 - tail, 1.0);
}

/// The least fall, as a fraction of the peak, with which a lane may have to leave before its value
/// at risk is looked at; less what rounding may do.
template <class Real>
Real alarm_of(const RiskTerms& terms) {
  const auto or_endless = [](double fall) { return fall > 0.0 ? fall : endless; };
  const double fall = std::min(or_endless(terms.drawdown_stop), or_endless(terms.kill_loss));
  return static_cast<Real>(fall) - 16 * std::numeric_limits<Real>::epsilon();
}

}  // namespace

template <class Real>
Stops<Real>::Stops(const RiskTerms& terms, const PriceProcess& process, double capital)
    : active_(terms.drawdown_stop > 0.0 || terms.var_limit > 0.0 || terms.kill_loss > 0.0),
      drawdown_(static_cast<Real>(terms.drawdown_stop)),
      keep_(Real(1) - drawdown_),
      alarm_(alarm_of<Real>(terms)),
      kill_(terms.kill_loss > 0.0 ? terms.kill_loss * capital : endless),
      var_(terms.var_limit > 0.0),
      var_limit_(terms.var_limit),
      var_score_(var_ ? normal_score(terms.var_level) : 0.0),
      capital_(capital),
      steps_out_(static_cast<Real>(
          terms.cooldown > 0.0 ? std::ceil(terms.cooldown / process.dt - 1e-9) : for_good)),
      part_length_(std::max<std::int64_t>(1, static_cast<std::int64_t>(terms.var_window) / parts)),
      part_sums_(parts),
      part_squares_(parts),
      kept_(std::make_unique<Kept>()) {}

template <class Real>
void Stops<Real>::begin(const Lanes<Real>& lanes) {
  // Parts of the window may stay: none is looked at before all have been made anew.
  clear(squares_now_, squares_before_, part_start_, part_squares_start_);
  steps_in_part_ = 0;
  part_ = 0;
  parts_made_ = 0;
  any_out_ = any_asked_ = keeps_ = any_left_ = false;
  set_limits(lanes);
}

template <class Real>
void Stops<Real>::keep(const Seen& seen) {
  kept_->peak = seen.peak;
  kept_->squares = seen.squares;
  keeps_ = true;
}

template <class Real>
bool Stops<Real>::observe(const Lanes<Real>& lanes) {
  Real *peaks = kept_->peak.since.values, *squares = kept_->squares.values;
  int any = 0;
#pragma omp simd reduction(| : any)
  for (int lane = 0; lane < lane_count; ++lane) {
    const Real equity = lanes.equity[lane], change = lanes.equity_change[lane];
    const Real before = peaks[lane], peak = equity > before ? equity : before;
    peaks[lane] = peak;
    squares[lane] += change * change;
    any |= has_fallen(lane, equity, peak) | is_killed(lane, equity);
  }
  return any != 0;
}

template <class Real>
bool Stops<Real>::ask(bool might_leave, const Seen& seen, const Lanes<Real>& lanes,
                      Desk<Real>& desk) {
  // Mostly everyone is in and nobody leaves, and stop_asked stays as it is: empty.
  if (might_leave || any_out_ || any_asked_) any_asked_ = ask_each(seen, lanes, desk);
  if (var_ && ++steps_in_part_ == part_length_)
    any_asked_ = watch_var(seen, lanes, desk) || any_asked_;
  return any_asked_;
}

template <class Real>
bool Stops<Real>::ask_each(const Seen& seen, const Lanes<Real>& lanes, Desk<Real>& desk) {
  std::int32_t any = 0;
  Real longest = Real(0);
#pragma omp simd reduction(| : any) reduction(max : longest)
  for (int lane = 0; lane < lane_count; ++lane) {
    const Real out = desk.steps_out[lane], equity = lanes.equity[lane];
    const bool in = out <= Real(0);
    const bool fallen = has_fallen(lane, equity, seen.peak.since[lane]);
    const std::int32_t reason = is_killed(lane, equity) ? kill_reason
                                : fallen                ? drawdown_reason
                                                        : no_stop;
    const std::int32_t asked = in ? reason : no_stop;
    const Real left = in ? Real(0) : out - Real(1);
    desk.steps_out[lane] = left;
    desk.stop_asked[lane] = asked;
    longest = left > longest ? left : longest;
    any |= asked;
  }
  any_out_ = longest > Real(0);
  return any != 0;
}

/// At the end of a part of the window. Returns whether any lane has to leave.
template <class Real>
bool Stops<Real>::watch_var(const Seen& seen, const Lanes<Real>& lanes, Desk<Real>& desk) {
  const bool may_exceed = end_part(seen, lanes, desk);
  const bool asks = ++parts_made_ >= parts && may_exceed && ask_var(lanes, desk);
  steps_in_part_ = 0;
  part_ = (part_ + 1) % parts;
  if (part_ != 0) return asks;
  squares_before_ = squares_now_;
  clear(squares_now_);
  return asks;
}

/// Calls into the cache what the next part is written to.
template <class Real>
void Stops<Real>::fetch_part(std::size_t part) const {
  asm volatile("");  // or compilers take the call for one without effect, and leave it out
  constexpr int line = 64 / sizeof(Real);
  for (int lane = 0; lane < lane_count; lane += line) {
    __builtin_prefetch(&part_sums_[part][lane], 1, 2);
    __builtin_prefetch(&part_squares_[part][lane], 1, 2);
  }
}

/// Returns whether any lane's value at risk may exceed its limit, found without adding up parts or
/// a square root: the squares of a window are at most those of this round of parts and the one
/// before, its loss is at most the drawdown. Where z^2 times the squares, a thousandth added for
/// rounding, is below (limit x equity - drawdown)^2, it cannot.
template <class Real>
bool Stops<Real>::end_part(const Seen& seen, const Lanes<Real>& lanes, const Desk<Real>& desk) {
  const auto bound = static_cast<Real>(1.001 * var_score_ * var_score_);
  const auto limit = static_cast<Real>(var_limit_ - 1e-5);  // less what rounding may do
  const Real *peaks = seen.peak.since.values, *squares_seen = seen.squares.values;
  auto &sums = part_sums_[part_], &squares = part_squares_[part_];
  if (any_left_) see_part(desk);
  int may = 0;
#pragma omp simd reduction(| : may)
  for (int lane = 0; lane < lane_count; ++lane) {
    const Real since = lanes.equity[lane], equity = lanes.settled[lane] + since;
    const Real gained = squares_seen[lane] - part_squares_start_[lane];
    const Real round = squares_now_[lane] + gained;
    squares_now_[lane] = round;
    sums[lane] = since - part_start_[lane];
    squares[lane] = gained;
    part_start_[lane] = since;
    part_squares_start_[lane] = squares_seen[lane];
    const Real spare = limit * equity - (peaks[lane] - since);
    may |= !((spare > Real(0)) & (bound * (squares_before_[lane] + round) < spare * spare));
  }
  fetch_part((part_ + 1) % parts);
  return may != 0;
}

/// Counts a part of the window for lanes that are in the market.
template <class Real>
void Stops<Real>::see_part(const Desk<Real>& desk) {
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane)
    parts_seen_[lane] =
        elementary::kept_if(desk.steps_out[lane] <= Real(0), parts_seen_[lane] + Real(1));
}

/// Parts are added up in the order of their places.
template <class Real>
bool Stops<Real>::ask_var(const Lanes<Real>& lanes, Desk<Real>& desk) const {
  const auto per_n = static_cast<Real>(1.0 / static_cast<double>(parts * part_length_));
  const auto score = static_cast<Real>(var_score_), limit = static_cast<Real>(var_limit_);
  std::int32_t any = 0;
#pragma omp simd reduction(| : any)
  for (int lane = 0; lane < lane_count; ++lane) {
    Real sum = Real(0), squares = Real(0);
    for (std::size_t place = 0; place < parts; ++place) {
      sum += part_sums_[place][lane];
      squares += part_squares_[place][lane];
    }
    const Real raw = squares - sum * sum * per_n;  // variance of the sum over n steps
    const Real at_risk = score * std::sqrt(raw > Real(0) ? raw : Real(0)) - sum;
    const Real equity = lanes.settled[lane] + lanes.equity[lane];
    const bool seen = !any_left_ | (parts_seen_[lane] >= Real(parts));
    const bool exceeded = (at_risk > limit * equity) & seen;
    const std::int32_t asked = desk.stop_asked[lane];
    const std::int32_t reason = exceeded & (asked == no_stop) ? var_reason : asked;
    desk.stop_asked[lane] = reason;
    any |= reason;
  }
  return any != 0;
}

template <class Real>
void Stops<Real>::keep_out(int lane, const Lanes<Real>& lanes, Desk<Real>& desk) {
  desk.steps_out[lane] =
      desk.stop_asked[lane] == kill_reason ? static_cast<Real>(for_good) : steps_out_;
  any_out_ = true;
  if (!any_left_)
    std::fill_n(parts_seen_.values, lane_count, static_cast<Real>(std::min(parts_made_, many)));
  any_left_ = true;
  // The peak from which a later fall counts is what is left now.
  kept_->peak.restart(lane, lanes);
  parts_seen_[lane] = Real(0);
  part_start_[lane] = lanes.equity[lane];
  part_squares_start_[lane] = kept_->squares[lane];
}

template <class Real>
void Stops<Real>::settle(const Seen& seen, const Lanes<Real>& lanes) {
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    part_start_[lane] -= lanes.equity[lane];
    part_squares_start_[lane] -= seen.squares[lane];
  }
  set_limits(lanes);
  if (!keeps_) return;
  kept_->peak.settle(lanes);
  kept_->squares = {};
}

/// By the ledger that settling is about to make.
template <class Real>
void Stops<Real>::set_limits(const Lanes<Real>& lanes) {
  const double stop = static_cast<double>(drawdown_), least = stop > 0.0 ? 0.0 : endless;
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const double ledger = lanes.ledger[lane] + static_cast<double>(lanes.equity[lane]);
    allowance_[lane] = static_cast<Real>(stop * ledger + least);
    killing_[lane] = static_cast<Real>(capital_ - kill_ - ledger);
  }
}

template class Stops<float>;
template class Stops<double>;

}  // namespace quotesweep
