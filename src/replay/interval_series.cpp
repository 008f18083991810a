#include "replay/interval_series.hpp"

#include <cmath>

namespace quotesweep {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
constexpr double rounding = 1e-14;  // a return, or what returns differ by, that says nothing

/// The variance above which returns vary by more than rounding, given their mean square.
template <class V>
V least_variance(const V& square) {
  return 1e-13 * square + rounding * rounding;
}

/// What returns and P&L of one interval after the other come to.
struct Walk {
  Octet squares, downside;
  Octet equity, peak, drop;
  Octet wealth, wealth_peak, drop_fraction;

  void take(const Octet& r, const Octet& change, double target) {
    const Octet below = r < target ? r - target : Octet{};
    squares += r * r;
    downside += below * below;
    equity += change;
    peak = equity > peak ? equity : peak;
    const Octet fallen = peak - equity;
    drop = fallen > drop ? fallen : drop;
    wealth *= 1.0 + r;
    wealth_peak = wealth > wealth_peak ? wealth : wealth_peak;
    const Octet fraction = 1.0 - wealth / wealth_peak;
    drop_fraction = fraction > drop_fraction ? fraction : drop_fraction;
  }
};

/// Calls `take(row)` for the intervals of runs, with `step` numbers of each summed in `totals`.
template <class Take>
inline void add_rows(const Octet* rows, std::size_t width, std::span<const BootstrapRun> runs,
                     Octet* totals, Take take) {
  constexpr std::size_t step = IntervalSeries::row_step;
  Octet sums[step]{};
  for (const auto& run : runs) {
    const Octet* row = rows + run.first * width;
    for (std::uint32_t i = 0; i < run.count; ++i, row += width) {
      for (std::size_t k = 0; k < step; ++k) sums[k] += row[k];
      take(row);
    }
  }
  for (std::size_t k = 0; k < step; ++k) totals[k] = sums[k];
}

}  // namespace

IntervalSeries::IntervalSeries(std::size_t sums, const Column& capital)
    : sums_(sums),
      width_((sums + row_step) / row_step * row_step),
      capital_(capital),
      before_(sums) {
  before_[margin_sum] = capital;
}

void IntervalSeries::add(const ReplayMark& mark, int lanes) {
  packs_.resize(static_cast<std::size_t>(lanes / lane_step));
  for (std::size_t pack = 0; pack < packs_.size(); ++pack) {
    const int lane = static_cast<int>(pack) * lane_step;
    packs_[pack].resize((size_ + 1) * width_);
    Octet* row = &packs_[pack][size_ * width_];
    const Octet before = at<Octet>(before_[margin_sum], lane),
                now = at<Octet>(mark[margin_sum], lane);
    row[0] = before > 0.0 ? now / before - 1.0 : Octet{};
    for (std::size_t sum = 0; sum < sums_; ++sum)
      row[1 + sum] = at<Octet>(mark[sum], lane) - at<Octet>(before_[sum], lane);
  }
  before_ = mark;
  ++size_;
}

PackSums sum_over(const IntervalSeries& series, std::size_t pack,
                  std::span<const BootstrapRun> runs, double target) {
  const Octet* rows = series.row(pack, 0);
  const std::size_t width = series.width();
  PackSums sums{.totals = std::vector<Octet>(width)};
  const Octet capital = at<Octet>(series.capital(), static_cast<int>(pack) * lane_step);
  const Octet one = Octet{} + 1.0;
  Walk walk{.equity = capital, .peak = capital, .wealth = one, .wealth_peak = one};
  add_rows(rows, width, runs, sums.totals.data(),
           [&](const Octet* row) { walk.take(row[0], row[1 + margin_sum], target); });
  for (std::size_t k = IntervalSeries::row_step; k < width; k += IntervalSeries::row_step)
    add_rows(rows + k, width, runs, &sums.totals[k], [](const Octet*) {});
  sums.squares = walk.squares;
  sums.downside = walk.downside;
  sums.drop = walk.drop;
  sums.drop_fraction = walk.drop_fraction;
  return sums;
}

std::vector<Octet> statistics(const PackSums& sums, const IntervalSeries& series, std::size_t pack,
                              const ReplayMeasure& measure) {
  const auto count = static_cast<double>(series.size());
  const Octet capital = at<Octet>(series.capital(), static_cast<int>(pack) * lane_step);
  const Octet mean = sums.totals[0] / count, none = Octet{} + undefined;
  const Octet variance = (sums.squares - count * mean * mean) / (count - 1.0);
  const Octet least = least_variance(sums.squares / count);
  const double year = std::sqrt(measure.clock.intervals_per_year);
  const Octet down = root_of(Octet(sums.downside / count));
  const auto sum = [&](std::size_t which) -> const Octet& { return sums.totals[1 + which]; };
  std::vector<Octet> all{sum(margin_sum),
                         sum(margin_sum) / capital,
                         variance > least ? year * mean / root_of(variance) : none,
                         down > rounding ? year * (mean - measure.target) / down : none,
                         sum(turnover_sum) / capital,
                         sum(fees_sum),
                         sum(trades_sum),
                         sum(closings_sum) > 0.0 ? sum(wins_sum) / sum(closings_sum) : none,
                         sums.drop,
                         sums.drop_fraction};
  for (std::size_t i = replay_sum_count; i < series.sums(); ++i) all.push_back(sum(i));
  return all;
}

std::vector<Octet> bootstrap_errors(const IntervalSeries& series, std::size_t pack,
                                    const ReplayMeasure& measure) {
  std::vector<Spread<Octet>> spreads(first_symbol_pnl + series.sums() - replay_sum_count);
  std::vector<BootstrapRun> drawn;
  for (std::size_t number = 0; number < measure.bootstrap.resamples; ++number) {
    const bool known = number < measure.resamples.size();
    if (!known) drawn = resample(measure.bootstrap, number);
    const auto& runs = known ? measure.resamples[number] : drawn;
    const auto found =
        statistics(sum_over(series, pack, runs, measure.target), series, pack, measure);
    for (std::size_t i = 0; i < found.size(); ++i) spreads[i].add(found[i]);
  }
  std::vector<Octet> errors;
  const double wider = widening(measure.bootstrap);
  for (const auto& spread : spreads) errors.push_back(wider * spread.sd());
  return errors;
}

std::pair<double, double> shape_of(const IntervalSeries& series, int lane) {
  const auto n = static_cast<double>(series.size());
  double mean = 0.0, square = 0.0, m2 = 0.0, m3 = 0.0, m4 = 0.0;
  for (std::size_t i = 0; i < series.size(); ++i) {
    mean += series.returns(i, lane) / n;
    square += series.returns(i, lane) * series.returns(i, lane) / n;
  }
  for (std::size_t i = 0; i < series.size(); ++i) {
    const double d = series.returns(i, lane) - mean;
    m2 += d * d / n;
    m3 += d * d * d / n;
    m4 += d * d * d * d / n;
  }
  if (!(m2 > least_variance(square))) return {undefined, undefined};
  return {m3 / (m2 * std::sqrt(m2)), m4 / (m2 * m2)};
}

}  // namespace quotesweep
