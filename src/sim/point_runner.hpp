#pragma once

#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "metrics/activity.hpp"
#include "metrics/clamped_fills.hpp"
#include "metrics/drawdown.hpp"
#include "metrics/negative_prices.hpp"
#include "metrics/returns.hpp"
#include "sim/market_maker.hpp"

namespace quotesweep {

/// One point on one block of lanes: the market maker, its account and what is measured of it.
///
/// There are two ways through a chunk of steps, with the same bits. Step by step, everything passes
/// over all lanes in turn: any strategy, rule and metric. Where quotes are lines in the inventory
/// and nothing was added, a Pack of lanes goes through all the steps before the next one does, and
/// what is known of it stays in registers.
template <class Real>
class PointRunner {
 public:
  explicit PointRunner(const PointInput& point);

  /// Measures something more; before `begin`.
  void add(std::unique_ptr<PathMetric<Real>> metric) { metrics_.push_back(std::move(metric)); }

  /// Back to the start, with an open account.
  void begin();

  /// Advances `steps` steps with the current draws of `stream`, and settles every `chunk_steps`.
  void advance(DrawStream<Real>& stream, int steps);

  /// Writes `lane_count` numbers to each row.
  void finish(const PathRows& rows);

 private:
  /// A QuoteLine in the precision of the lanes.
  struct LaneLine {
    Real half_spread, skew;
  };

  using V = Pack<Real>;
  using CountPack = Pack<typename ClampedFills<Real>::Count>;

  /// What is known of a Pack of lanes.
  struct Held {
    V inventory, equity;
    typename Returns<Real>::template Held<V> returns;
    typename Drawdown<Real>::template Held<V> drawdown;
    typename Activity<Real>::template Held<V> activity;
    typename ClampedFills<Real>::template Held<CountPack> clamped;
  };

  bool follows_lines(int steps);
  void settle();
  void advance_passes(const DrawStream<Real>& stream, int first, int steps);
  void advance_packs(const DrawStream<Real>& stream, int first, int steps);
  Held hold(int lane) const;
  void put_back(const Held& held, int lane);
  template <bool floored, bool with_fees, bool counts_clamped>
  void step(const StepDraws<Real>& draws, const StepPrices<Real>& prices, int lane,
            const LaneLine& line, Held& held) const;
  template <bool floored, bool with_fees, bool counts_clamped>
  void advance_two(const DrawStream<Real>& stream, int first, std::span<const LaneLine> lines,
                   int lane);
  template <class Call>
  void each_metric(Call call);

  PriceProcess market_;
  std::int64_t next_step_ = 0;
  Account<Real> account_;
  MarketMaker<Real> maker_;
  Returns<Real> returns_;
  Drawdown<Real> drawdown_;
  Activity<Real> activity_;
  ClampedFills<Real> clamped_fills_;
  std::vector<std::unique_ptr<PathMetric<Real>>> metrics_;
  std::vector<QuoteLine> quote_lines_;  // as the strategy gave them
  std::int64_t first_line_ = 0;         // the step of the first of
  std::vector<LaneLine> lines_;         // kept for the next block of lanes
  bool floored_ = false;
  Lanes<Real> lanes_{};
  Quotes<Real> quotes_{};
  NegativePrices<Real> negative_prices_;  // last, as it is seldom needed
};

extern template class PointRunner<float>;
extern template class PointRunner<double>;

}  // namespace quotesweep
