#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "signal/signal_stream.hpp"
#include "sim/desk_runner.hpp"

namespace quotesweep {

/// Complete market makers at several points that share their draws, on one block of lanes at a
/// time. Prices are made once per market among the points, signals once per market and settings.
template <class Real>
class DeskTile {
 public:
  /// Requires at least one point, all with the same draws and number of steps.
  explicit DeskTile(std::span<const PointInput> points);

  /// Simulates paths `first_path` ... `first_path + lane_count - 1`; `watch(i, step, runner)` is
  /// called after every step of every point i.
  /// With `lanes` <= few_lanes only the first of them walk; the others stand still.
  template <class Watch>
  void run(std::uint64_t first_path, Watch watch, int lanes = lane_count);
  void run(std::uint64_t first_path);

  DeskRunner<Real>& runner(std::size_t point) { return runners_[point]; }

 private:
  /// Settings of signals, and which market they look at.
  struct Signals {
    std::size_t market;
    SignalTerms terms;
    SignalNeeds needs;
    bool operator==(const Signals&) const = default;
  };

  DrawSpec spec_;
  std::int64_t steps_;
  std::vector<MarketTerms> markets_;
  std::vector<Signals> signals_;
  std::vector<std::size_t> signals_of_;  // by point
  std::vector<DeskRunner<Real>> runners_;
};

extern template class DeskTile<float>;
extern template class DeskTile<double>;

template <class Real>
template <class Watch>
void DeskTile<Real>::run(std::uint64_t first_path, Watch watch, int lanes) {
  DrawStream<Real> draws(spec_, first_path, chunk_steps, lanes);
  std::vector<MarketPath<Real>> markets;
  for (const auto& terms : markets_)
    markets.emplace_back(terms, spec_, first_path, chunk_steps, lanes);
  std::vector<SignalStream<Real>> signals;
  for (const auto& one : signals_)
    signals.emplace_back(markets_[one.market], one.terms, one.needs, chunk_steps, lanes);
  std::vector steps(signals.size(), std::vector<DeskStep<Real>>(chunk_steps));
  for (std::int64_t done = 0; done < steps_; done += chunk_steps) {
    const int chunk = static_cast<int>(std::min<std::int64_t>(chunk_steps, steps_ - done));
    draws.advance(chunk);
    for (auto& market : markets) market.advance(draws, chunk);
    for (std::size_t i = 0; i < signals.size(); ++i)
      signals[i].advance(markets[signals_[i].market], chunk);
    for (std::size_t i = 0; i < signals.size(); ++i)
      for (int step = 0; step < chunk; ++step)
        steps[i][static_cast<std::size_t>(step)] = {
            draws.step(step), markets[signals_[i].market].step(step), signals[i].step(step)};
    for (std::size_t point = 0; point < runners_.size(); ++point) {
      auto& runner = runners_[point];
      if (done == 0) runner.begin();  // here, where its lanes come into the cache anyway
      for (const auto& step :
           std::span(steps[signals_of_[point]]).first(static_cast<std::size_t>(chunk))) {
        runner.advance(step);
        watch(point, step, runner);
      }
      runner.settle();
    }
  }
  for (std::size_t point = 0; point < runners_.size(); ++point)
    runners_[point].observe_pair_time(signals[signals_of_[point]].pair_time());
}

}  // namespace quotesweep
