#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <span>

#include "sim/busy_scenario.hpp"
#include "sim/complete_scenario.hpp"
#include "sim/desk_tile.hpp"
#include "sim/engine.hpp"
#include "sim/run_point.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

constexpr int variants = 10;

/// One block of lanes of a complete market maker; `watch(step, runner)` after every step.
template <class Real, class Watch>
LaneResults run_desk(const Scenario& scenario, Watch watch) {
  const PointInput point(scenario, 11);
  DeskTile<Real> tile({&point, 1});
  tile.run(0, [&](std::size_t, const DeskStep<Real>& step, const DeskRunner<Real>& runner) {
    watch(step, runner);
  });
  LaneResults results;
  tile.runner(0).finish(results.view());
  return results;
}

template <class Real>
LaneResults run_desk(const Scenario& scenario) {
  return run_desk<Real>(scenario, [](const auto&, const auto&) {});
}

/// Watched, every point trades the pair by itself; otherwise until somebody leaves the market it
/// takes what was traded for all.
template <class Real>
void compare_watched_with_unwatched(std::span<const PointInput> points) {
  DeskTile<Real> tile(points);
  std::vector<LaneResults> watched(points.size()), unwatched(points.size());
  tile.run(0, [](std::size_t, const DeskStep<Real>&, const DeskRunner<Real>&) {});
  for (std::size_t i = 0; i < points.size(); ++i) tile.runner(i).finish(watched[i].view());
  tile.run_to_rows(0, [&](std::size_t i) { return unwatched[i].view(); });
  for (std::size_t i = 0; i < points.size(); ++i)
    for (std::size_t row = 0; row < quantity_count; ++row) {
      CAPTURE(i, row);
      REQUIRE(std::memcmp(watched[i].rows[row].data(), unwatched[i].rows[row].data(),
                          lane_count * sizeof(double)) == 0);
    }
}

/// The second block of paths of some points, by a tile that has simulated the first one before.
template <class Real>
std::vector<LaneResults> second_block(std::span<const PointInput> points, bool after_the_first) {
  DeskTile<Real> tile(points);
  std::vector<LaneResults> results(points.size());
  const auto rows_of = [&](std::size_t i) { return results[i].view(); };
  if (after_the_first) tile.run_to_rows(0, rows_of);
  tile.run_to_rows(lane_count, rows_of);
  return results;
}

PointState simulate(const Scenario& scenario, Precision precision, std::uint64_t paths = 256,
                    std::uint64_t key = 11) {
  const PointInput point(scenario, key);
  PointState state;
  Engine(precision).simulate({&point, 1}, {0, paths}, {&state, 1});
  return state;
}

constexpr PathQuantity parts[] = {PathQuantity::pnl_spread,    PathQuantity::pnl_fees,
                                  PathQuantity::pnl_inventory, PathQuantity::pnl_bias,
                                  PathQuantity::pnl_pair,      PathQuantity::pnl_liquidation};

/// Cost of a trade at market, written from its definition.
double market_cost(const Scenario& s, double units, double mid) {
  const double over = s.book.depth > 0.0 ? std::max(1.0, units / s.book.depth) : 1.0;
  return units * (0.5 * s.book.spread * s.book.tick + s.risk.slippage * s.book.tick * over +
                  1e-4 * s.account.taker_fee_bps * mid);
}

/// What one lane owns, kept in cash and units by someone who knows prices and fills only.
struct Books {
  double cash = 0.0, held = 0.0, pair = 0.0, hedge = 0.0;
  double spread = 0.0, fees = 0.0, inventory = 0.0, bias = 0.0, pair_gain = 0.0, stops = 0.0;
  double trades = 0.0, trips = 0.0, steps_held = 0.0, out = 0.0;
  double steps_out = 0.0;                                     // that were left before the step
  double orders = 0.0, sent = 0.0;                            // the latter in this interval
  double entry = 0.0, gain = 0.0, won = 0.0, held_sum = 0.0;  // of the open round trip
  double realised = 0.0, unrealised = 0.0;
  double equity, peak, worst = 0.0, worst_fraction = 0.0;
  double interval = 0.0, squares = 0.0;  // changes of equity in it, and their squares

  /// What falls are measured from and to.
  void mark(double now) {
    peak = std::max(peak, now);
    worst = std::max(worst, peak - now);
    worst_fraction = std::max(worst_fraction, (peak - now) / peak);
  }

  /// Books `units` (negative: sold) at `price` by average cost; a round trip that ends takes
  /// `fees`.
  void book(double units, double price, double costs) {
    gain += costs;
    const double before = held;
    const bool adds = before == 0.0 || (before > 0.0) == (units > 0.0);
    held += units;
    if (adds) {
      entry = (entry * std::abs(before) + price * std::abs(units)) / std::abs(held);
      return;
    }
    const double closed = std::min(std::abs(units), std::abs(before));
    const double made = closed * (before > 0.0 ? price - entry : entry - price);
    gain += made;
    realised += made;
    if (std::abs(units) < std::abs(before)) return;
    ++trips;
    won += gain > 0.0;
    gain = 0.0;
    entry = price;
  }
};

/// Follows every lane through a scenario and requires that its equity is capital + cash + what it
/// holds at the mid, after every step.
void follow(const Scenario& s) {
  std::vector<Books> all(lane_count);
  for (auto& books : all) {
    books.held = s.account.initial_inventory;
    books.cash = -books.held * s.market.initial_price;
    books.entry = s.market.initial_price;
    books.equity = books.peak = s.account.capital;
  }
  const auto steps_per_interval =
      s.metrics.clock > 0.0 ? std::lround(s.metrics.clock / s.market.dt) : 1;
  const double fee = s.account.maker_fee + 1e-4 * s.account.maker_fee_bps;
  const auto interval = static_cast<int>(std::lround(s.risk.order_interval / s.market.dt));
  int steps = 0;
  const auto results = run_desk<double>(s, [&](const auto& step, const auto& runner) {
    const bool begins_interval = s.risk.max_orders > 0.0 && steps % interval == 0;
    ++steps;
    for (int lane = 0; lane < lane_count; ++lane) {
      auto& b = all[static_cast<std::size_t>(lane)];
      const auto &quotes = runner.quotes(), &lanes = runner.lanes();
      const auto& desk = runner.desk();
      const bool paired = step.market.partner_walk != nullptr;
      const double mid = step.market.mid[lane], next = mid + step.market.move[lane];
      const double partner = paired ? s.pair.partner_price + step.market.partner_walk[lane] : 0.0;
      const double partner_next = paired ? partner + step.market.partner_move[lane] : 0.0;
      const bool stopped = desk.stop_asked[lane] != no_stop;
      const double held_before = b.held, pair_before = b.pair, hedge_before = b.hedge;
      // The pair is traded first, at the mid less costs. A stop gives it up again in the end.
      if (paired) {
        const double direction = step.signals.pair_direction[lane];
        const double wanted =
            stopped ? (direction == 0.0 ? 0.0
                       : std::abs(b.pair) > 0.0 && std::signbit(b.pair) == std::signbit(direction)
                           ? b.pair
                       : desk.taken_trades[lane] > 0.0 ? direction * s.strategy.pair_quantity
                                                       : b.pair)
                    : desk.pair_units[lane];
        const double hedge = desk.pair_hedge[lane];
        const double traded = wanted - b.pair, other = wanted * hedge - b.pair * b.hedge;
        b.cash -= traded * mid - other * partner;
        const double cost =
            market_cost(s, std::abs(traded), mid) + market_cost(s, std::abs(other), partner);
        b.cash -= cost;
        b.pair_gain -= cost;
        b.trades += (traded != 0.0) + (other != 0.0);
        b.pair = wanted;
        b.hedge = hedge;
        b.pair_gain += b.pair * (next - mid - b.hedge * (partner_next - partner));
      }
      const double bought = lanes.bid_filled[lane], sold = lanes.ask_filled[lane];
      const double paid = bought > 0 ? bought * (mid - quotes.bid_distance[lane]) : 0.0;
      const double received = sold > 0 ? sold * (mid + quotes.ask_distance[lane]) : 0.0;
      const double fees = fee * (paid + received) + s.account.fee_per_unit * (bought + sold);
      b.cash += received - paid - fees;
      const double both = std::min(bought, sold), net = bought - sold;
      const double bid = mid - quotes.bid_distance[lane], ask = mid + quotes.ask_distance[lane];
      const double share = both > 0.0 && net != 0.0 ? 0.5 : 1.0;  // of the fees
      if (both > 0.0) {                                           // bought and sold in one step
        ++b.trips;
        b.won += both * (ask - bid) - share * fees > 0.0;
        b.realised += both * (ask - bid);
      }
      if (net != 0.0) b.book(net, net > 0.0 ? bid : ask, -share * fees);
      b.trades += (bought > 0) + (sold > 0);
      b.bias += (sold - bought) * desk.bias_shift[lane];
      b.spread +=
          bought * mid - paid + received - sold * mid - (sold - bought) * desk.bias_shift[lane];
      b.fees -= fees;
      b.inventory += b.held * (next - mid);
      b.mark(s.account.capital + b.cash + b.held * next + b.pair * (next - b.hedge * partner_next));
      if (stopped) {
        double cost = market_cost(s, std::abs(b.held), next);
        b.trades += b.held != 0.0;
        if (b.held != 0.0) {
          const double held = b.held;
          b.gain -= cost;
          b.book(-held, next, 0.0);
          b.held = held;
        }
        if (paired) {
          cost += market_cost(s, std::abs(b.pair), next) +
                  market_cost(s, std::abs(b.pair * b.hedge), partner_next);
          b.trades += 2.0 * (b.pair != 0.0);
        }
        b.cash += b.held * next + b.pair * (next - b.hedge * partner_next) - cost;
        b.stops -= cost;
        b.held = b.pair = 0.0;
      }
      b.steps_held += b.held != 0.0;
      b.held_sum += std::abs(b.held);
      const auto sent = static_cast<double>(desk.sent[lane] / order_mark);
      if (s.risk.max_orders > 0.0) REQUIRE(sent <= std::ceil(s.risk.max_orders));
      b.orders += begins_interval ? sent : sent - b.sent;
      b.sent = sent;
      b.out += b.steps_out > 0.0;
      b.steps_out = desk.steps_out[lane];
      const double owned = b.held * next + b.pair * (next - b.hedge * partner_next);
      CAPTURE(lane, held_before, pair_before, hedge_before, stopped);
      REQUIRE(lanes.inventory[lane] == Approx(b.held).margin(1e-12));
      const double equity = s.account.capital + b.cash + owned;
      REQUIRE(lanes.ledger[lane] + lanes.equity[lane] == Approx(equity).epsilon(1e-11));
      b.mark(equity);
      b.interval += equity - b.equity;
      b.equity = equity;
      b.unrealised = b.held * (next - b.entry);
      if (steps % steps_per_interval != 0) continue;
      b.squares += b.interval * b.interval;
      b.interval = 0.0;
    }
  });
  for (int lane = 0; lane < lane_count; ++lane) {
    const auto& b = all[static_cast<std::size_t>(lane)];
    const double expected[] = {b.spread, b.fees, b.inventory, b.bias, b.pair_gain, b.stops};
    const double pnl = results.at(PathQuantity::pnl, lane);
    double sum = 0.0;
    for (std::size_t i = 0; i < std::size(parts); ++i) {
      CAPTURE(lane, i);
      REQUIRE(results.at(parts[i], lane) == Approx(expected[i]).epsilon(1e-9).margin(1e-9));
      sum += expected[i];
    }
    REQUIRE(pnl == Approx(sum).epsilon(1e-9).margin(1e-9));
    REQUIRE(results.at(PathQuantity::realized_pnl, lane) ==
            Approx(b.realised).epsilon(1e-8).margin(1e-8));
    REQUIRE(results.at(PathQuantity::unrealized_pnl, lane) ==
            Approx(b.unrealised).epsilon(1e-8).margin(1e-8));
    REQUIRE(results.at(PathQuantity::max_drawdown, lane) == Approx(b.worst).epsilon(1e-9));
    REQUIRE(results.at(PathQuantity::max_drawdown_pct, lane) ==
            Approx(b.worst_fraction).epsilon(1e-9));
    const double n = steps / static_cast<double>(steps_per_interval), mean = pnl / n;
    REQUIRE(results.at(PathQuantity::path_sharpe, lane) ==
            Approx(mean / std::sqrt((b.squares - n * mean * mean) / (n - 1.0))).epsilon(1e-8));
    REQUIRE(results.at(PathQuantity::trades, lane) == b.trades);
    REQUIRE(results.at(PathQuantity::round_trips, lane) == b.trips);
    REQUIRE(results.at(PathQuantity::mean_abs_inventory, lane) ==
            Approx(b.held_sum * s.market.dt / s.market.horizon).margin(1e-12));
    if (b.trips > 0.0) REQUIRE(results.at(PathQuantity::win_rate, lane) == Approx(b.won / b.trips));
    if (b.trips > 0.0 || b.held != 0.0)
      REQUIRE(results.at(PathQuantity::holding_time, lane) ==
              Approx(b.steps_held * s.market.dt / (b.trips + (b.held != 0.0))));
    REQUIRE(results.at(PathQuantity::orders, lane) == b.orders);
    REQUIRE(results.at(PathQuantity::time_out, lane) ==
            Approx(b.out * s.market.dt / s.market.horizon));
  }
}

std::vector<double> doubles_of(const PointState& state, const MetricTerms& terms) {
  std::vector<double> doubles(state_width(terms));
  REQUIRE(state.details.empty() == (terms.detail != Detail::full));
  write_state(state, doubles);
  return doubles;
}

}  // namespace

TEST_CASE("equity is cash and holdings in both assets, and its parts are what they say", "[sim]") {
  for (int variant = 0; variant < variants; ++variant) {
    CAPTURE(variant);
    Scenario s = in_lots(complete_scenario(variant));
    follow(s);
    s.metrics.clock = 4.0 * s.market.dt;
    follow(s);
  }
}

TEST_CASE("the scenarios of these tests use everything", "[sim]") {
  double stops[3] = {}, pair = 0.0, limited = 0.0, shifted = 0.0;
  for (int variant = 0; variant < variants; ++variant) {
    const auto state = simulate(complete_scenario(variant), Precision::single_);
    stops[0] += state[PathQuantity::stops_drawdown].mean;
    stops[1] += state[PathQuantity::stops_var].mean;
    stops[2] += state[PathQuantity::stops_kill].mean;
    pair += std::abs(state[PathQuantity::pnl_pair].mean);
    limited += state[PathQuantity::time_at_limit].mean;
    shifted += std::abs(state[PathQuantity::pnl_bias].mean);
  }
  for (const double count : stops) {
    CAPTURE(stops[0], stops[1], stops[2]);
    CHECK(count > 0.01);
  }
  CHECK(pair > 0.01);
  CHECK(limited > 0.001);
  CHECK(shifted > 0.001);
}

TEST_CASE("the parts of every path add up to its P&L in single precision, too", "[sim]") {
  for (int variant = 0; variant < variants; ++variant) {
    const auto results = run_desk<float>(complete_scenario(variant));
    for (int lane = 0; lane < lane_count; ++lane) {
      double sum = 0.0;
      for (const auto part : parts) sum += results.at(part, lane);
      REQUIRE(results.at(PathQuantity::pnl, lane) == Approx(sum).epsilon(1e-9).margin(1e-9));
    }
  }
}

TEST_CASE("single lanes lose little of what double lanes find", "[sim]") {
  for (int variant = 0; variant < variants; ++variant) {
    CAPTURE(variant);
    const auto scenario = complete_scenario(variant);
    const auto coarse = simulate(scenario, Precision::single_),
               fine = simulate(scenario, Precision::double_);
    for (const auto quantity : {PathQuantity::pnl, PathQuantity::pnl_spread, PathQuantity::trades,
                                PathQuantity::realized_pnl, PathQuantity::round_trips})
      REQUIRE(std::abs(coarse[quantity].mean - fine[quantity].mean) <
              0.2 * fine[quantity].standard_error());
  }
}

TEST_CASE("with everything off a complete market maker leaves the bits of a bare one", "[sim]") {
  for (int variant = 0; variant < 12; ++variant) {
    for (const auto precision : {Precision::single_, Precision::double_}) {
      CAPTURE(variant);
      Scenario scenario = busy_scenario(variant);
      scenario.metrics.detail = Detail::basic;
      REQUIRE_FALSE(needs_desk(scenario));
      const auto bare = simulate(scenario, precision, 300);
      const auto terms = scenario.metrics;
      scenario.metrics.detail = Detail::full;
      REQUIRE(needs_desk(scenario));
      auto complete = simulate(scenario, precision, 300);
      REQUIRE(complete.details.size() == detail_count);
      complete.details.clear();
      if (complete.sketches.size() > basic_sketch_count)
        complete.sketches.resize(basic_sketch_count);
      REQUIRE(doubles_of(complete, terms) == doubles_of(bare, terms));
    }
  }
}

TEST_CASE("a market maker that is watched leaves the bits of one that is not", "[sim]") {
  std::vector<PointInput> points;
  for (const double quantity : {0.0, 1.5, 2.5})
    for (const double slippage : {0.0, 1.0})
      for (int variant = 0; variant < variants; ++variant) {
        Scenario scenario = complete_scenario(variant);
        scenario.strategy.pair_quantity = quantity;
        scenario.risk.slippage = slippage;
        points.emplace_back(scenario, 11);
      }
  compare_watched_with_unwatched<float>(points);
  compare_watched_with_unwatched<double>(points);
}

TEST_CASE("a block of paths does not depend on the one before", "[sim]") {
  for (const double horizon : {3.0, 12.3}) {  // fewer and more steps than lines are kept for
    std::vector<PointInput> points;
    for (int variant = 0; variant < variants; ++variant) {
      Scenario scenario = complete_scenario(variant);
      scenario.market.horizon = horizon;
      points.emplace_back(scenario, 11);
    }
    const auto alone = second_block<float>(points, false),
               after = second_block<float>(points, true);
    for (std::size_t i = 0; i < points.size(); ++i)
      for (std::size_t row = 0; row < quantity_count; ++row) {
        CAPTURE(horizon, i, row);
        REQUIRE(std::memcmp(alone[i].rows[row].data(), after[i].rows[row].data(),
                            lane_count * sizeof(double)) == 0);
      }
  }
}

TEST_CASE("a drawdown stop holds to one move and the cost of leaving, and leaves for good",
          "[sim]") {
  Scenario s = in_lots(complete_scenario(1));
  s.risk.var_limit = s.risk.kill_loss = 0.0;
  s.risk.drawdown_stop = 0.01;
  std::vector<double> peak(lane_count, s.account.capital), worst(lane_count, 0.0);
  std::vector<double> left(lane_count, -1.0);
  int stops = 0;
  run_desk<double>(s, [&](const auto& step, const auto& runner) {
    const auto& lanes = runner.lanes();
    for (int lane = 0; lane < lane_count; ++lane) {
      const auto i = static_cast<std::size_t>(lane);
      const double equity = lanes.ledger[lane] + lanes.equity[lane];
      if (left[i] >= 0.0) {  // out for good: flat, and nothing happens any more
        REQUIRE(equity == Approx(left[i]).epsilon(1e-13));
        REQUIRE(lanes.inventory[lane] == 0.0);
        REQUIRE(runner.quotes().bid_distance[lane] == no_quote<double>);
        continue;
      }
      const double change = lanes.equity_change[lane];
      const double limit = (1.0 - s.risk.drawdown_stop) * peak[i];
      REQUIRE(equity - change > limit);  // before this step it was within the limit
      peak[i] = std::max(peak[i], equity);
      if (runner.desk().stop_asked[lane] == no_stop) {
        REQUIRE(equity > (1.0 - s.risk.drawdown_stop) * peak[i]);
        continue;
      }
      ++stops;
      left[i] = equity;
      static_cast<void>(step);
    }
  });
  CHECK(stops > 20);
  CHECK(stops < lane_count);
}

TEST_CASE("after a cool-down the market maker comes back, after a loss that kills it does not",
          "[sim]") {
  Scenario s = complete_scenario(0);
  s.risk.drawdown_stop = 0.01;
  s.risk.kill_loss = s.risk.var_limit = 0.0;
  const auto again = simulate(s, Precision::single_);
  CHECK(again[PathQuantity::stops].mean > 1.0);
  CHECK(again[PathQuantity::time_out].mean > 0.05);
  s.risk.cooldown = 0.0;
  const auto once = simulate(s, Precision::single_);
  CHECK(once[PathQuantity::stops].mean <= 1.0);
  CHECK(once[PathQuantity::time_out].mean > again[PathQuantity::time_out].mean);
  s.risk.cooldown = 0.4;
  s.risk.drawdown_stop = 0.0;
  s.risk.kill_loss = 0.01;
  const auto killed = simulate(s, Precision::single_);
  CHECK(killed[PathQuantity::stops].mean == killed[PathQuantity::stops_kill].mean);
  CHECK(killed[PathQuantity::stops].mean <= 1.0);
  CHECK(killed[PathQuantity::stops].mean > 0.1);
}

TEST_CASE("a complete market maker's bits do not depend on the points beside it", "[sim]") {
  std::vector<PointInput> points;
  for (int variant = 0; variant < 6; ++variant) points.emplace_back(complete_scenario(variant), 5u);
  points.emplace_back(busy_scenario(0), 5u);
  for (int variant = 0; variant < 3; ++variant) {
    Scenario more = complete_scenario(variant);
    more.strategy.gamma *= 2.0;
    more.signal.pair.enter = 1.5;
    points.emplace_back(more, 5u);
  }
  for (const auto precision : {Precision::single_, Precision::double_}) {
    std::vector<PointState> together(points.size());
    Engine engine(precision);
    engine.simulate(points, {1024, 300}, together);
    for (std::size_t i = 0; i < points.size(); ++i) {
      PointState alone;
      engine.simulate({&points[i], 1}, {1024, 300}, {&alone, 1});
      const auto& terms = points[i].scenario.metrics;
      CAPTURE(i);
      const auto a = doubles_of(alone, terms), b = doubles_of(together[i], terms);
      REQUIRE(std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
    }
  }
}
