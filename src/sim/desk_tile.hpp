#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "metrics/negative_prices.hpp"
#include "signal/signal_stream.hpp"
#include "sim/desk_runner.hpp"

namespace quotesweep {

/// Complete market makers at several points that share their draws, on one block of lanes at a
/// time. Prices are made once per market among the points, signals once per market and settings.
template <class Real>
class DeskTile {
 public:
  /// Requires at least one point, all with the same draws and number of steps.
  /// With `lanes` <= few_lanes only the first of them walk; the others stand still.
  explicit DeskTile(std::span<const PointInput> points, int lanes = lane_count);

  /// Simulates paths `first_path` ... `first_path + lane_count - 1`; `watch(i, step, runner)` is
  /// called after every step of every point i.
  template <class Watch>
  void run(std::uint64_t first_path, Watch watch) {
    const auto begin = [](DeskRunner<Real>& runner) {
      runner.begin();
      runner.show_all();
    };
    run(
        first_path, begin, watch, [](std::size_t, const Part&) {},
        [](std::size_t, DeskRunner<Real>&) {});
  }
  /// The same unwatched.
  void run(std::uint64_t first_path);
  /// The same, and finishes every point; the results of point i go to `rows_of(i)`.
  void run_to_rows(std::uint64_t first_path, const std::function<PathRows(std::size_t)>& rows_of);

  DeskRunner<Real>& runner(std::size_t point) { return runners_[point]; }

 private:
  /// Settings of signals, and which market they look at.
  struct Signals {
    std::size_t market;
    SignalTerms terms;
    SignalNeeds needs;
    bool operator==(const Signals&) const = default;
  };

  /// Which signals a point looks at, and how it trades the pair by them.
  struct View {
    std::size_t signals;
    PairTrading<Real> pair;
    bool operator==(const View&) const = default;
  };

  /// `begin(runner)` and `finish(i, runner)` are called before and after the steps of a point i,
  /// `near_end(i, part)` at every step of its last chunk.
  template <class Begin, class Watch, class NearEnd, class Finish>
  void run(std::uint64_t first_path, Begin begin, Watch watch, NearEnd near_end, Finish finish);
  void begin(std::uint64_t first_path);
  /// Makes the next steps of draws, markets and signals.
  void make_steps(int count);
  /// Of those steps.
  void count_negative_prices(std::size_t market, int steps);
  /// A step's part of what is done during a chunk.
  struct Part {
    int index;
    float share;  // 1 / steps

    /// First and last, exclusive, of `all` things.
    std::array<int, 2> of(int all) const {
      const float each = static_cast<float>(all) * share;
      const auto start = [each](int i) { return static_cast<int>(each * static_cast<float>(i)); };
      return {start(index), start(index + 1)};
    }
  };
  /// Calls part of a runner, which is simulated next, into the cache.
  static void fetch_part(const DeskRunner<Real>& runner, const Part& part);
  /// The same of rows that are written next.
  static void fetch_part(const PathRows& rows, const Part& part);

  std::int64_t steps_;
  std::vector<MarketTerms> markets_;
  std::vector<Signals> signals_;
  std::vector<View> views_;
  std::vector<std::size_t> view_of_;  // by point
  std::vector<DeskRunner<Real>> runners_;
  DrawStream<Real> draws_;
  std::vector<MarketPath<Real>> market_paths_;
  std::vector<NegativePrices<Real>> negative_prices_;  // by markets
  std::vector<SignalStream<Real>> signal_streams_;
  std::vector<PairBook<Real>> pair_books_;           // by views
  std::vector<std::vector<DeskStep<Real>>> chunks_;  // steps by views
};

extern template class DeskTile<float>;
extern template class DeskTile<double>;

template <class Real>
template <class Begin, class Watch, class NearEnd, class Finish>
void DeskTile<Real>::run(std::uint64_t first_path, Begin begin_runner, Watch watch,
                         NearEnd near_end, Finish finish) {
  begin(first_path);
  // A chunk of a point before the next point has its turn: its steps share the second cache with
  // the lanes.
  for (std::int64_t done = 0; done < steps_; done += chunk_steps) {
    const int count = static_cast<int>(std::min<std::int64_t>(chunk_steps, steps_ - done));
    make_steps(count);
    const bool last = done + count == steps_;
    for (std::size_t point = 0; point < runners_.size(); ++point) {
      auto& runner = runners_[point];
      if (done == 0) begin_runner(runner);  // here, where its lanes come into the cache anyway
      const auto& chunk = chunks_[view_of_[point]];
      const auto& next = runners_[point + 1 < runners_.size() ? point + 1 : 0];
      const float share = 1.0F / static_cast<float>(count);
      for (int i = 0; i < count; ++i) {
        const auto& step = chunk[static_cast<std::size_t>(i)];
        fetch_part(next, {i, share});
        if (last) near_end(point, Part{i, share});
        runner.advance(step);
        watch(point, step, runner);
      }
      runner.settle();
      if (!last) continue;
      const auto signals = views_[view_of_[point]].signals;
      runner.observe_pair_time(signal_streams_[signals].pair_time());
      runner.observe_prices(negative_prices_[signals_[signals].market]);
      finish(point, runner);  // here, where its lanes are in the cache
    }
  }
}

}  // namespace quotesweep
