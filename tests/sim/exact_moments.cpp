#include "sim/exact_moments.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "csv.hpp"
#include "sim/market_maker.hpp"

using namespace quotesweep;

namespace {

Scenario scenario_of(const CsvRow& row) {
  Scenario s;
  s.market = {.sigma = number(row, "sigma"), .horizon = number(row, "T"), .dt = number(row, "dt")};
  s.fills = {.arrival_rate = number(row, "A"),
             .decay = number(row, "k"),
             .probability = row.at("fill") == "bernoulli" ? FillProbability::bernoulli
                                                          : FillProbability::poisson};
  s.strategy.gamma = number(row, "gamma");
  s.risk.q_max = number(row, "q_max");
  return s;
}

/// Few steps, fees, an inventory to start with: everything that the recursion accounts for.
Scenario short_scenario(StrategyName name) {
  Scenario s;
  s.market = {.initial_price = 20.0, .sigma = 1.5, .horizon = 0.4, .dt = 0.1};
  s.fills = {.arrival_rate = 6.0, .decay = 0.8, .probability = FillProbability::poisson};
  s.strategy = {.name = name, .gamma = 0.4};
  s.risk.q_max = 2;
  s.account = {.capital = 50.0, .initial_inventory = 1, .maker_fee = 0.02, .fee_per_unit = 0.03};
  return s;
}

/// Sums over every history of fills and binomial moves, each with its probability: no recursion.
class Enumeration {
 public:
  explicit Enumeration(const Scenario& scenario) : s_(scenario), maker_(PointInput(scenario, 0)) {
    follow({.probability = 1.0,
            .inventory = s_.account.initial_inventory,
            .mid = s_.market.initial_price,
            .cash = -s_.account.initial_inventory * s_.market.initial_price});
  }

  ExactMoment moment(int quantity) const {
    const double mean = first_[quantity];
    return {mean, second_[quantity] - mean * mean};
  }

 private:
  struct History {
    int step = 0;
    double probability, inventory, mid, cash, value = 0.0, trades = 0.0, abs_inventory = 0.0;
  };

  double fill(double distance) const {
    if (distance >= no_quote<double>) return 0.0;
    return 1.0 -
           std::exp(-s_.fills.arrival_rate * s_.market.dt * std::exp(-s_.fills.decay * distance));
  }

  void follow(const History& h) {
    const auto steps = static_cast<int>(step_count(s_.market));
    if (h.step == steps) return count(h, steps);
    Lanes<double> lanes{};
    Quotes<double> quotes{};
    lanes.inventory[0] = h.inventory;
    maker_.quote(h.step, lanes, quotes);
    const double bid = quotes.bid_distance[0], ask = quotes.ask_distance[0];
    for (int outcome = 0; outcome < 8; ++outcome) {
      const int bought = outcome & 1, sold = outcome >> 1 & 1, up = outcome >> 2;
      History next = h;
      ++next.step;
      next.probability *=
          0.5 * (bought ? fill(bid) : 1 - fill(bid)) * (sold ? fill(ask) : 1 - fill(ask));
      if (next.probability == 0.0) continue;
      const double paid = bought ? h.mid - bid : 0.0, received = sold ? h.mid + ask : 0.0;
      const double fee =
          s_.account.maker_fee * (paid + received) + s_.account.fee_per_unit * (bought + sold);
      next.cash += received - paid - fee;
      next.value += paid + received;
      next.trades += bought + sold;
      next.inventory += bought - sold;
      next.abs_inventory += std::abs(next.inventory);
      next.mid += (up ? 1 : -1) * s_.market.sigma * std::sqrt(s_.market.dt);
      follow(next);
    }
  }

  void count(const History& h, int steps) {
    const double values[] = {h.cash + h.inventory * h.mid, h.value / s_.account.capital, h.trades,
                             h.abs_inventory / steps, h.inventory};
    for (int i = 0; i < 5; ++i) {
      first_[i] += h.probability * values[i];
      second_[i] += h.probability * values[i] * values[i];
    }
  }

  Scenario s_;
  MarketMaker<double> maker_;
  double first_[5]{}, second_[5]{};
};

void require_same(const ExactMoment& a, const ExactMoment& b) {
  REQUIRE(a.mean == Approx(b.mean).epsilon(1e-11).margin(1e-11));
  REQUIRE(a.variance == Approx(b.variance).epsilon(1e-9).margin(1e-10));
}

}  // namespace

TEST_CASE("the recursion meets the reference moments to 1e-8", "[sim]") {
  const auto rows = read_csv(SOURCE_DIR "/tests/statistics/as_exact.csv");
  REQUIRE(!rows.empty());
  for (const auto& row : rows) {
    const auto exact = exact_moments(PointInput(scenario_of(row), 0));
    const auto near = [&](const char* column) {
      return Approx(number(row, column)).margin(1e-8).epsilon(0);
    };
    CAPTURE(row.at("gamma"), row.at("k"), row.at("A"), row.at("q_max"), row.at("fill"));
    REQUIRE(exact.pnl.mean == near("pnl_mean"));
    REQUIRE(std::sqrt(exact.pnl.variance) == near("pnl_sd"));
    REQUIRE(exact.trades.mean == near("trades_mean"));
    REQUIRE(std::sqrt(exact.terminal_inventory.variance) == near("terminal_inventory_sd"));
  }
}

TEST_CASE("the recursion gives what summing over every history gives", "[sim]") {
  for (const auto name :
       {StrategyName::avellaneda_stoikov, StrategyName::symmetric, StrategyName::glft}) {
    const auto s = short_scenario(name);
    const Enumeration all(s);
    const auto exact = exact_moments(PointInput(s, 0));
    CAPTURE(static_cast<int>(name));
    require_same(exact.pnl, all.moment(0));
    require_same(exact.turnover, all.moment(1));
    require_same(exact.trades, all.moment(2));
    require_same(exact.mean_abs_inventory, all.moment(3));
    require_same(exact.terminal_inventory, all.moment(4));
  }
}

TEST_CASE("a start beyond the limit is exact too", "[sim]") {
  auto s = short_scenario(StrategyName::avellaneda_stoikov);
  s.account.initial_inventory = -5;
  const Enumeration all(s);
  const auto exact = exact_moments(PointInput(s, 0));
  require_same(exact.pnl, all.moment(0));
  require_same(exact.terminal_inventory, all.moment(4));
}

TEST_CASE("a recursion that would take minutes is refused", "[sim]") {
  Scenario s;
  s.market.dt = 1e-6;
  REQUIRE_THROWS_WITH(exact_moments(PointInput(s, 0)), Catch::Matchers::Contains("risk.q_max"));
}
