#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "market/account.hpp"
#include "market/lanes.hpp"
#include "metrics/path_quantity.hpp"

namespace quotesweep {

/// Whether quantiles are kept, at some kilobytes a point.
enum class Quantiles {
  automatic,  // where the study has few enough points; settled when it is read
  always,
  never
};

/// Whether the details of a complete market maker are measured: attribution, round trips, stops.
enum class Detail {
  automatic,  // where a point uses more than bare quotes; settled when the study is read
  basic,
  full
};

/// How P&L increments are measured, and what is kept of the paths.
struct MetricTerms {
  double clock = 0.0;          // length of an interval [time]; 0 is one step
  double target = 0.0;         // P&L per interval that counts as neither loss nor gain [price]
  double annualization = 1.0;  // `sharpe` and `sortino` of a point are multiplied by its root
  Quantiles quantiles = Quantiles::automatic;
  Detail detail = Detail::automatic;

  bool operator==(const MetricTerms&) const = default;
};

/// Steps per clock interval. Throws Error where the clock is not a whole number of steps, or the
/// horizon not a whole number of intervals.
std::int64_t steps_per_interval(const MetricTerms& terms, const PriceProcess& process);

/// Where a lane block's results go: for each PathQuantity that is kept, `lane_count` numbers.
struct PathRows {
  std::array<double*, quantity_count> rows{};
  double* operator[](PathQuantity quantity) const {
    return rows[static_cast<std::size_t>(quantity)];
  }
};

/// Marks the rows that are there as not yet written, `paths` numbers each, a multiple of
/// `lane_count`.
void mark_unwritten(const PathRows& rows, std::size_t paths);
/// Throws Error, with its name, where a row has a block of lanes that nobody has written since.
void check_written(const PathRows& rows, std::size_t paths);

/// Turns what was measured in lots, and in price x lot, into units and money, by the unit of each
/// quantity.
void count_in_units(const PathRows& rows, std::size_t paths, double lot);

/// Something measured along a path. One call serves a whole block of lanes.
template <class Real>
class PathMetric {
 public:
  virtual ~PathMetric() = default;

  /// Forgets earlier paths; `lanes` have just been opened.
  virtual void begin(const Lanes<Real>& lanes) = 0;
  /// After every step: the quotes that were sent, and the lanes after fills and move.
  virtual void observe(const Quotes<Real>& quotes, const Lanes<Real>& lanes) = 0;
  /// Every few steps, before the account settles: moves sums into double precision.
  virtual void settle(const Lanes<Real>& lanes) = 0;
  /// At the end, after the last settlement: writes this metric's rows.
  virtual void finish(const Lanes<Real>& lanes, const PathRows& rows) = 0;
};

/// Path metrics beside Returns, Drawdown, Activity and ClampedFills, which every point has.
template <class Real>
std::vector<std::unique_ptr<PathMetric<Real>>> make_further_metrics(const MetricTerms& terms,
                                                                    const PriceProcess& process,
                                                                    const FillModel& fills,
                                                                    const AccountTerms& account);

}  // namespace quotesweep
