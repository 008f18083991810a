#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "market/desk.hpp"
#include "metrics/path_quantity.hpp"
#include "sim/engine.hpp"

namespace quotesweep {

/// Some consecutive steps of one path: what has happened in them, and what has become of the market
/// maker at their end. What does not exist is NaN.
struct Stretch {
  std::int64_t step;                // steps done
  double time;                      // [time]
  double mid;                       // after the last move [price]
  double bid, ask;                  // sent in the last step [price]
  double bought, sold;              // by quotes, in all steps [units]
  double bought_value, sold_value;  // of these, at the prices of the quotes [price]
  double trades;                    // since the start, those at market included
  double inventory;                 // quoted, without the position in the pair [units]
  double equity;                    // [price]
  double peak;                      // highest equity since the start [price]
  double drawdown;                  // largest in the stretch [price]
  double imbalance;                 // of the book, in the last step
  double volatility;                // its estimate in the last step [price / sqrt(time)]
  double pair_signal;               // in the last step
  double pair_units;                // position in the spread of the pair [units]
  StopReason stop;                  // that ended the stretch
};

/// What one path leaves behind.
struct PathNumbers {
  std::array<double, quantity_count> values{};
  double operator[](PathQuantity quantity) const {
    return values[static_cast<std::size_t>(quantity)];
  }
};

/// Tells one path as it goes: the very path that a sweep simulates, with the same lanes, draws and
/// settlements. Not for several threads at a time.
class PathStory {
 public:
  using Hear = std::function<void(const Stretch&)>;

  PathStory(const PointInput& point, Precision precision, std::uint64_t path);

  /// `hear` is called for the start (step 0), then for stretches that end at the multiples of
  /// `length` >= 1 steps, at every stop, and at the end of the path.
  void listen(std::int64_t length, Hear hear);

  /// Simulates the path; gives the numbers that a sweep averages.
  PathNumbers tell();

 private:
  struct Listener {
    std::int64_t length;
    Hear hear;
    double bought = 0.0, sold = 0.0, bought_value = 0.0, sold_value = 0.0, drawdown = 0.0;
  };

  template <class Real>
  PathNumbers run();
  void tell_start();
  Stretch in_units(Stretch stretch) const;
  template <class Step, class Runner>
  void observe(const Step& step, const Runner& runner);
  template <class Step, class Runner>
  void count_trades(const Step& step, const Runner& runner);
  template <class Step, class Runner>
  Stretch look(const Step& step, const Runner& runner) const;

  PointInput point_;
  Precision precision_;
  std::uint64_t path_;
  std::int64_t steps_;  // of the path
  std::vector<Listener> listeners_;
  // Along the path, after the latest step.
  std::int64_t step_ = 0;
  double equity_ = 0.0, peak_ = 0.0, trades_ = 0.0, inventory_ = 0.0, pair_units_ = 0.0,
         pair_direction_ = 0.0;
};

}  // namespace quotesweep
