#include "replay/interval_series.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace quotesweep {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

}  // namespace

void Spread::add(double value) {
  if (std::isnan(value)) return;
  const double delta = value - mean;
  count += 1.0;
  mean += delta / count;
  squares += delta * (value - mean);
}

double Spread::sd() const {
  return count > 1.0 ? std::sqrt(squares / (count - 1.0)) : undefined;
}

IntervalSeries::IntervalSeries(std::size_t sums, const Column& capital)
    : sums_(sums), before_(sums) {
  before_[margin_sum] = capital;
}

void IntervalSeries::add(const ReplayMark& mark, int lanes) {
  std::vector<Column> row(sums_ + 1);
  for (int lane = 0; lane < lanes; ++lane) {
    const double before = before_[margin_sum][lane], now = mark[margin_sum][lane];
    row[sums_][lane] = before > 0.0 ? now / before - 1.0 : 0.0;
  }
  for (std::size_t sum = 0; sum < sums_; ++sum)
    for (int lane = 0; lane < lanes; ++lane) row[sum][lane] = mark[sum][lane] - before_[sum][lane];
  before_ = mark;
  rows_.push_back(std::move(row));
}

Sums::Sums(std::size_t sums, const Column& capital)
    : changes(sums), equity(capital), peak(capital) {
  for (int lane = 0; lane < lane_count; ++lane) wealth[lane] = wealth_peak[lane] = 1.0;
}

void Sums::add(const IntervalSeries& series, std::size_t interval, double target, int lanes) {
  const auto& r = series.returns(interval);
  const auto& change = series.change(interval, margin_sum);
#pragma omp simd
  for (int lane = 0; lane < lanes; ++lane) {
    const double x = r[lane], below = x < target ? x - target : 0.0;
    returns[lane] += x;
    squares[lane] += x * x;
    downside[lane] += below * below;
    const double now = equity[lane] + change[lane], top = now > peak[lane] ? now : peak[lane];
    equity[lane] = now;
    peak[lane] = top;
    drop[lane] = top - now > drop[lane] ? top - now : drop[lane];
    const double worth = wealth[lane] * (1.0 + x);
    const double best = worth > wealth_peak[lane] ? worth : wealth_peak[lane];
    const double fraction = 1.0 - worth / best;
    wealth[lane] = worth;
    wealth_peak[lane] = best;
    drop_fraction[lane] = fraction > drop_fraction[lane] ? fraction : drop_fraction[lane];
  }
  for (std::size_t sum = 0; sum < changes.size(); ++sum) {
    const auto& step = series.change(interval, sum);
#pragma omp simd
    for (int lane = 0; lane < lanes; ++lane) changes[sum][lane] += step[lane];
  }
}

std::vector<double> statistics(const Sums& sums, int lane, double count, double capital,
                               const ReplayMeasure& measure) {
  const double mean = sums.returns[lane] / count;
  const double variance = (sums.squares[lane] - count * mean * mean) / (count - 1.0);
  const bool varies = variance > 1e-13 * sums.squares[lane];
  const double year = std::sqrt(measure.clock.intervals_per_year);
  const double down = std::sqrt(sums.downside[lane] / count);
  const auto sum = [&](std::size_t which) { return sums.changes[which][lane]; };
  std::vector<double> all{sum(margin_sum),
                          sum(margin_sum) / capital,
                          varies ? year * mean / std::sqrt(variance) : undefined,
                          down > 0.0 ? year * (mean - measure.target) / down : undefined,
                          sum(turnover_sum) / capital,
                          sum(fees_sum),
                          sum(trades_sum),
                          sum(closings_sum) > 0.0 ? sum(wins_sum) / sum(closings_sum) : undefined,
                          sums.drop[lane],
                          sums.drop_fraction[lane]};
  for (std::size_t i = replay_sum_count; i < sums.changes.size(); ++i) all.push_back(sum(i));
  return all;
}

std::vector<std::vector<double>> bootstrap_errors(const IntervalSeries& series, std::size_t sums,
                                                  const ReplayMeasure& measure, int points,
                                                  int lanes, const Column& capital) {
  std::vector<std::vector<Spread>> spreads(static_cast<std::size_t>(points));
  for (std::size_t number = 0; number < measure.bootstrap.resamples; ++number) {
    Sums resampled(sums, capital);
    for (const auto& run : resample(measure.bootstrap, number))
      for (std::size_t i = 0; i < run.count; ++i)
        resampled.add(series, run.first + i, measure.target, lanes);
    for (int lane = 0; lane < points; ++lane) {
      const auto found =
          statistics(resampled, lane, static_cast<double>(series.size()), capital[lane], measure);
      auto& spread = spreads[static_cast<std::size_t>(lane)];
      spread.resize(found.size());
      for (std::size_t i = 0; i < found.size(); ++i) spread[i].add(found[i]);
    }
  }
  std::vector<std::vector<double>> errors;
  for (const auto& spread : spreads) {
    auto& row = errors.emplace_back();
    for (const auto& one : spread) row.push_back(one.sd());
    row.resize(first_symbol_pnl + sums - replay_sum_count, undefined);
  }
  return errors;
}

std::pair<double, double> shape_of(const IntervalSeries& series, int lane) {
  const auto n = static_cast<double>(series.size());
  double mean = 0.0, m2 = 0.0, m3 = 0.0, m4 = 0.0;
  for (std::size_t i = 0; i < series.size(); ++i) mean += series.returns(i)[lane] / n;
  for (std::size_t i = 0; i < series.size(); ++i) {
    const double d = series.returns(i)[lane] - mean;
    m2 += d * d / n;
    m3 += d * d * d / n;
    m4 += d * d * d * d / n;
  }
  if (!(m2 > 0.0)) return {undefined, undefined};
  return {m3 / (m2 * std::sqrt(m2)), m4 / (m2 * m2)};
}

}  // namespace quotesweep
