#include "sim/path_story.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>

#include "sim/desk_tile.hpp"

namespace quotesweep {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// The number of the lane that is told.
template <class Array>
double of_lane(const Array& array) {
  return static_cast<double>(array[0]);
}

template <class Real>
double if_there(const Real* array) {
  return array != nullptr ? of_lane(array) : none;
}

double one_if(bool condition) {
  return condition ? 1.0 : 0.0;
}

}  // namespace

PathStory::PathStory(const PointInput& point, Precision precision, std::uint64_t path)
    : point_(point),
      precision_(precision),
      path_(path),
      steps_(step_count(point.scenario.market)) {}

void PathStory::listen(std::int64_t length, Hear hear) {
  listeners_.push_back({.length = length, .hear = std::move(hear)});
}

PathNumbers PathStory::tell() {
  tell_start();
  return precision_ == Precision::single_ ? run<float>() : run<double>();
}

template <class Real>
PathNumbers PathStory::run() {
  DeskTile<Real> tile(std::span(&point_, 1), few_lanes);
  tile.run(path_, [this](std::size_t, const DeskStep<Real>& step, const DeskRunner<Real>& runner) {
    observe(step, runner);
  });
  std::vector<std::array<double, lane_count>> numbers(quantity_count);
  PathRows rows;
  for (std::size_t i = 0; i < numbers.size(); ++i) rows.rows[i] = numbers[i].data();
  tile.runner(0).finish(rows);
  count_in_units(rows, lane_count, point_.lot);
  PathNumbers result;
  for (std::size_t i = 0; i < numbers.size(); ++i) result.values[i] = numbers[i][0];
  return result;
}

void PathStory::tell_start() {
  const auto& account = point_.scenario.account;
  step_ = 0;
  equity_ = peak_ = account.capital;
  inventory_ = account.initial_inventory;
  trades_ = pair_units_ = pair_direction_ = 0.0;
  const Stretch start{.mid = point_.scenario.market.initial_price,
                      .bid = none,
                      .ask = none,
                      .inventory = inventory_,
                      .equity = equity_,
                      .peak = peak_,
                      .imbalance = none,
                      .volatility = none,
                      .pair_signal = none,
                      .pair_units = none};
  for (auto& listener : listeners_) {
    listener = {.length = listener.length, .hear = std::move(listener.hear)};
    listener.hear(in_units(start));
  }
}

/// What lanes have in lots, and in money of lots, in units and money.
Stretch PathStory::in_units(Stretch stretch) const {
  for (double* counted :
       {&stretch.bought, &stretch.sold, &stretch.bought_value, &stretch.sold_value,
        &stretch.inventory, &stretch.equity, &stretch.peak, &stretch.drawdown, &stretch.pair_units})
    *counted *= point_.lot;
  return stretch;
}

/// Looks at the first lane only, which is the path that was asked for.
template <class Step, class Runner>
void PathStory::observe(const Step& step, const Runner& runner) {
  const auto& lanes = runner.lanes();
  const auto& desk = runner.desk();
  ++step_;
  equity_ = lanes.ledger[0] + of_lane(lanes.equity);
  peak_ = std::max(peak_, equity_);
  count_trades(step, runner);
  const double bought = of_lane(lanes.bid_filled), sold = of_lane(lanes.ask_filled);
  const double mid = point_.scenario.market.initial_price + of_lane(step.market.walk);
  const double bid = of_lane(runner.quotes().bid_distance),
               ask = of_lane(runner.quotes().ask_distance);
  const bool ends = desk.stop_asked[0] != no_stop || step_ == steps_;
  for (auto& listener : listeners_) {
    listener.bought += bought;
    listener.sold += sold;
    if (bought > 0.0) listener.bought_value += bought * (mid - bid);
    if (sold > 0.0) listener.sold_value += sold * (mid + ask);
    listener.drawdown = std::max(listener.drawdown, peak_ - equity_);
    if (!ends && step_ % listener.length != 0) continue;
    Stretch stretch = look(step, runner);
    stretch.bought = std::exchange(listener.bought, 0.0);
    stretch.sold = std::exchange(listener.sold, 0.0);
    stretch.bought_value = std::exchange(listener.bought_value, 0.0);
    stretch.sold_value = std::exchange(listener.sold_value, 0.0);
    stretch.drawdown = std::exchange(listener.drawdown, 0.0);
    listener.hear(in_units(stretch));
  }
}

/// Fills, trades in the pair, and what a stop has traded, which is known by what it has closed.
template <class Step, class Runner>
void PathStory::count_trades(const Step& step, const Runner& runner) {
  const auto& lanes = runner.lanes();
  const auto& desk = runner.desk();
  const double bought = of_lane(lanes.bid_filled), sold = of_lane(lanes.ask_filled);
  trades_ += one_if(bought > 0.0) + one_if(sold > 0.0);
  if (step.signals.pair_direction != nullptr) trades_ += of_lane(desk.taken_trades);
  if (desk.stop_asked[0] != no_stop) {
    using Real = std::remove_cvref_t<decltype(lanes.inventory[0])>;
    const Real held = static_cast<Real>(inventory_) + (lanes.bid_filled[0] - lanes.ask_filled[0]);
    const bool turned = of_lane(desk.pair_direction) != pair_direction_;
    const double units = turned
                             ? of_lane(desk.pair_direction) * point_.scenario.strategy.pair_quantity
                             : pair_units_;
    trades_ += one_if(held != Real(0)) + one_if(units != 0.0) +
               one_if(units * of_lane(desk.pair_hedge) != 0.0);
  }
  inventory_ = of_lane(lanes.inventory);
  pair_units_ = of_lane(desk.pair_units);
  pair_direction_ = of_lane(desk.pair_direction);
}

/// The state after a step, without the sums of a stretch.
template <class Step, class Runner>
Stretch PathStory::look(const Step& step, const Runner& runner) const {
  const auto& s = point_.scenario;
  const auto& desk = runner.desk();
  const auto sent = [](double distance, double price) {
    return distance < 0.5 * no_quote<double> ? price : none;
  };
  const double mid = s.market.initial_price + of_lane(step.market.walk);
  const double bid = of_lane(runner.quotes().bid_distance),
               ask = of_lane(runner.quotes().ask_distance);
  const bool in_pair = step.signals.pair_direction != nullptr && s.strategy.pair_quantity != 0.0;
  return {.step = step_,
          .time = static_cast<double>(step_) * s.market.dt,
          .mid = mid + of_lane(step.market.move),
          .bid = sent(bid, mid - bid),
          .ask = sent(ask, mid + ask),
          .trades = trades_,
          .inventory = inventory_,
          .equity = equity_,
          .peak = peak_,
          .imbalance = if_there(step.market.imbalance),
          .volatility = std::sqrt(if_there(step.signals.variance)),
          .pair_signal = if_there(step.signals.pair_signal),
          .pair_units = in_pair ? pair_units_ : none,
          .stop = static_cast<StopReason>(desk.stop_asked[0])};
}

}  // namespace quotesweep
