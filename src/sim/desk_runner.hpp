#pragma once

#include <memory>
#include <vector>

#include "market/desk_account.hpp"
#include "market/desk_step.hpp"
#include "metrics/clamped_fills.hpp"
#include "metrics/desk_details.hpp"
#include "metrics/drawdown.hpp"
#include "metrics/negative_prices.hpp"
#include "metrics/returns.hpp"
#include "risk/order_limits.hpp"
#include "risk/stops.hpp"
#include "sim/point_input.hpp"
#include "strategy/order_size.hpp"
#include "strategy/quote_shape.hpp"

namespace quotesweep {

/// One point on one block of lanes with everything that a complete market maker has: signals,
/// shaped quotes with sizes, limits, stops, a position in the spread of a pair, and the account of
/// where the money came from. With all of it off it leaves the same bits as PointRunner.
template <class Real>
class DeskRunner {
 public:
  explicit DeskRunner(const PointInput& point);

  void begin();
  /// Keeps everything that `lanes`, `quotes` and `desk` tell of a step up to date, the position in
  /// the pair included, for someone who watches; after `begin`.
  void show_all();
  /// Advances one step.
  void advance(const DeskStep<Real>& step);
  /// Adds up what single-precision lanes have gained since the last time.
  void settle();
  /// After the last step.
  void observe_pair_time(const PairTime& time) { details_.observe_pair_time(time); }
  void observe_prices(const NegativePrices<Real>& prices) { negative_prices_ = &prices; }
  /// Writes `lane_count` numbers to each row.
  void finish(const PathRows& rows);

  /// Where what every step looks at ends: from the pair on, a desk is for those who have left.
  const void* end_of_hot() const { return &desk_.pair_units; }

  const PairTrading<Real>& pair() const { return account_.pair(); }
  const Lanes<Real>& lanes() const { return lanes_; }
  const Quotes<Real>& quotes() const { return quotes_; }
  const Desk<Real>& desk() const { return desk_; }

 private:
  /// A line by inventory, of which the estimated variance has its part.
  struct LaneLine {
    Real half_spread, skew, half_spread_by, skew_by;
  };

  double time_left(std::int64_t step) const;
  bool follow_lines(const DeskStep<Real>& step);
  void make_lines(bool estimated);
  void quote(const DeskStep<Real>& step);
  template <bool recentres, bool rounds, bool levered, bool lined, bool some_out, bool may_refuse>
  void send_lanes(const DeskStep<Real>& step);
  void book(const DeskStep<Real>& step);
  template <bool paired, bool guarded, bool every_step, bool by_unit>
  bool book_lanes(const DeskStep<Real>& step, const Real* pair_gain);
  typename Stops<Real>::Seen seen() const;
  void stop(const DeskStep<Real>& step);
  void measure(const DeskStep<Real>& step);
  void take_over_pair(const DeskStep<Real>& step);

  double horizon_, dt_, fixed_time_left_;
  std::int64_t next_step_ = 0;
  bool own_pair_ = false;  // the position in the pair is not that of a PairBook
  std::unique_ptr<Strategy<Real>> strategy_;
  std::vector<std::unique_ptr<RiskRule<Real>>> rules_;
  QuoteShape<Real> shape_;
  OrderSize<Real> size_;
  OrderLimits<Real> limits_;
  DeskAccount<Real> account_;
  Stops<Real> stops_;
  Returns<Real> returns_;
  Drawdown<Real> drawdown_;
  ClampedFills<Real> clamped_fills_;
  DeskDetails<Real> details_;
  const NegativePrices<Real>* negative_prices_ = nullptr;   // of a whole path
  std::vector<std::unique_ptr<PathMetric<Real>>> metrics_;  // users' own
  std::vector<LaneLine> lines_;                             // from step first_line_ on
  std::int64_t first_line_ = 0;
  bool lined_ = false;
  Lanes<Real> lanes_{};
  Quotes<Real> quotes_{};
  Desk<Real> desk_{};  // last, as few of its numbers are hot
};

extern template class DeskRunner<float>;
extern template class DeskRunner<double>;

}  // namespace quotesweep
