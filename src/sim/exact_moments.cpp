#include "sim/exact_moments.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "sim/market_maker.hpp"

namespace quotesweep {
namespace {

constexpr double largest_cost = 2e9;  // steps x inventories

constexpr int quantities = 5;
using Numbers = std::array<double, quantities>;
constexpr std::array<ExactMoment ExactMoments::*, quantities> results{
    &ExactMoments::trades, &ExactMoments::pnl, &ExactMoments::turnover,
    &ExactMoments::mean_abs_inventory, &ExactMoments::terminal_inventory};

/// What happened to one market maker in one step.
struct Outcome {
  double bought, sold;  // lots
  double bid, ask;      // distances [price]
  double inventory;     // after the fills
};

double fill_probability(const FillModel& fills, double dt, double distance) {
  if (distance >= no_quote<double>) return 0.0;
  const double mean = fills.arrival_rate * dt * std::exp(-fills.decay * distance);
  return fills.probability == FillProbability::poisson ? -std::expm1(-mean) : std::min(1.0, mean);
}

/// Fill probability and distance of one side, by inventory.
struct Side {
  std::vector<double> probability, distance;
};

/// Moments of what is still to come at one inventory, each by quantity.
struct Remaining {
  Numbers mean{}, variance{};
};

class Recursion {
 public:
  explicit Recursion(const PointInput& point)
      : scenario_(point.scenario),
        maker_(point),
        steps_(step_count(scenario_.market)),
        start_(static_cast<std::int64_t>(scenario_.account.initial_inventory)),
        reach_(inventory_range(scenario_).reach),
        later_(static_cast<std::size_t>(2 * reach_ + 1)),
        earlier_(later_) {
    for (auto* side : {&bid_, &ask_}) side->probability = side->distance = Doubles(later_.size());
  }

  ExactMoments run() {
    for (auto step = steps_ - 1; step >= 0; --step) {
      const std::int64_t reached = std::min(reach_, std::abs(start_) + step);
      quote(step, reached);
      for (auto q = -reached; q <= reached; ++q) earlier_[at(q)] = step_back(q);
      std::swap(later_, earlier_);
    }
    ExactMoments moments;
    const auto& all = later_[at(start_)];
    for (std::size_t i = 0; i < quantities; ++i)
      moments.*results[i] = {all.mean[i], all.variance[i]};
    moments.terminal_inventory.mean += static_cast<double>(start_);
    return moments;
  }

 private:
  using Doubles = std::vector<double>;
  std::size_t at(std::int64_t inventory) const {
    return static_cast<std::size_t>(inventory + reach_);
  }

  /// Asks the market maker for its quotes at inventories -reached ... reached, a block of lanes at
  /// a time.
  void quote(std::int64_t step, std::int64_t reached) {
    Lanes<double> lanes{};
    Quotes<double> quotes{};
    for (auto first = -reached; first <= reached; first += lane_count) {
      for (int lane = 0; lane < lane_count; ++lane)
        lanes.inventory[lane] = static_cast<double>(std::min(first + lane, reached));
      maker_.quote(step, lanes, quotes);
      for (int lane = 0; lane < lane_count && first + lane <= reached; ++lane) {
        set(bid_, at(first + lane), quotes.bid_distance[lane]);
        set(ask_, at(first + lane), quotes.ask_distance[lane]);
      }
    }
  }

  void set(Side& side, std::size_t i, double distance) const {
    side.probability[i] = fill_probability(scenario_.fills, scenario_.market.dt, distance);
    side.distance[i] = distance;
  }

  /// Moments from a step on, at inventory `q` before it, from those after it.
  Remaining step_back(std::int64_t q) const {
    const double bid = bid_.probability[at(q)], ask = ask_.probability[at(q)];
    Remaining before;
    std::array<Remaining, 4> total;
    std::array<double, 4> probability{};
    for (std::size_t i = 0; i < 4; ++i) {
      const int bought = i % 2 == 1 ? 1 : 0, sold = i >= 2 ? 1 : 0;
      probability[i] = (bought == 1 ? bid : 1.0 - bid) * (sold == 1 ? ask : 1.0 - ask);
      if (probability[i] == 0.0) continue;  // may lead out of the table
      total[i] = follow(q, bought, sold);
      for (std::size_t x = 0; x < quantities; ++x)
        before.mean[x] += probability[i] * total[i].mean[x];
    }
    for (std::size_t i = 0; i < 4; ++i)
      for (std::size_t x = 0; x < quantities; ++x) {
        const double deviation = total[i].mean[x] - before.mean[x];
        before.variance[x] += probability[i] * (total[i].variance[x] + deviation * deviation);
      }
    return before;
  }

  /// Moments from a step on, given its fills.
  Remaining follow(std::int64_t q, int bought, int sold) const {
    const std::int64_t after = q + bought - sold;
    const auto& rest = later_[at(after)];
    const auto gained =
        gains({static_cast<double>(bought), static_cast<double>(sold), bid_.distance[at(q)],
               ask_.distance[at(q)], static_cast<double>(after)});
    const auto spread = move_variance(static_cast<double>(after), rest);
    Remaining total;
    for (std::size_t x = 0; x < quantities; ++x) {
      total.mean[x] = rest.mean[x] + gained[x];
      total.variance[x] = rest.variance[x] + spread[x];
    }
    return total;
  }

  /// What a step adds to each quantity with the mid where it started.
  Numbers gains(const Outcome& o) const {
    const auto& account = scenario_.account;
    const double fills = o.bought + o.sold;
    const double below = o.bought > 0.0 ? o.bid : 0.0, above = o.sold > 0.0 ? o.ask : 0.0;
    const double value = fills * scenario_.market.initial_price + above - below;
    return {fills, below + above - account.fee_of_fill() * value - account.fee_per_unit * fills,
            value / account.capital, std::abs(o.inventory) / static_cast<double>(steps_),
            o.bought - o.sold};
  }

  /// sigma^2 dt E K^2 of the move after the fills, for each quantity.
  Numbers move_variance(double inventory, const Remaining& rest) const {
    const double fee = scenario_.account.fee_of_fill(), capital = scenario_.account.capital;
    const double fills = rest.mean[0], squares = rest.variance[0] + fills * fills;
    const double variance = scenario_.market.sigma * scenario_.market.sigma * scenario_.market.dt;
    const double pnl = inventory * inventory - 2.0 * fee * inventory * fills + fee * fee * squares;
    return {0.0, variance * pnl, variance * squares / (capital * capital), 0.0, 0.0};
  }

  const Scenario& scenario_;
  MarketMaker<double> maker_;
  std::int64_t steps_, start_, reach_;
  Side bid_, ask_;
  std::vector<Remaining> later_, earlier_;  // by inventory
};

}  // namespace

ExactMoments exact_moments(const PointInput& point) {
  if (needs_desk(point.scenario))
    throw Error(
        "the exact recursion knows bare quotes of one lot on a Brownian mid only (this point has "
        "more: a drift, ticks, signals, sizes, stops or metrics.detail: full); leave those out");
  const auto steps = step_count(point.scenario.market);
  const auto reach = inventory_range(point.scenario).reach;
  if (const double cost = static_cast<double>(steps) * static_cast<double>(2 * reach + 1);
      cost > largest_cost)
    throw Error(
        "T/dt = {} steps and inventories up to {} make the exact recursion {:.2g} cells long (must "
        "be at most {:g}); lower risk.q_max or the number of steps",
        steps, reach, cost, largest_cost);
  auto moments = Recursion(point).run();
  for (auto* moment : {&moments.pnl, &moments.mean_abs_inventory, &moments.terminal_inventory}) {
    moment->mean *= point.lot;
    moment->variance *= point.lot * point.lot;
  }
  return moments;
}

}  // namespace quotesweep
