#include "risk/stops.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <vector>

using namespace quotesweep;

namespace {

const PriceProcess process{.horizon = 10.0, .dt = 0.5};
constexpr double capital = 1000.0;

/// Feeds changes of equity to stops; every lane sees the same, but for lane 3 where that is told.
class Account {
 public:
  explicit Account(const RiskTerms& terms) : stops_(terms, process, capital) {
    for (int lane = 0; lane < lane_count; ++lane)
      lanes_.ledger[lane] = lanes_.settled[lane] = capital;
    stops_.begin(lanes_);
    peak_.begin(lanes_);
    stops_.keep({peak_, squares_});
  }

  /// The reason for which the lanes are asked to leave; they do.
  StopReason change(double by) { return change(by, by); }
  StopReason change(double by, double in_lane_3) {
    for (int lane = 0; lane < lane_count; ++lane) {
      lanes_.equity_change[lane] = lane == 3 ? in_lane_3 : by;
      lanes_.equity[lane] += lanes_.equity_change[lane];
    }
    if (!stops_.ask(stops_.observe(lanes_), stops_.kept(), lanes_, desk_)) return no_stop;
    const auto reason = static_cast<StopReason>(desk_.stop_asked[7]);
    for (int lane = 0; lane < lane_count; ++lane)
      if (desk_.stop_asked[lane] != no_stop) stops_.keep_out(lane, lanes_, desk_);
    return reason;
  }
  void settle() {
    stops_.settle(stops_.kept(), lanes_);
    for (int lane = 0; lane < lane_count; ++lane) {
      lanes_.ledger[lane] += lanes_.equity[lane];
      lanes_.settled[lane] = lanes_.ledger[lane];
      lanes_.equity[lane] = 0.0;
    }
  }
  bool out() const { return desk_.steps_out[7] > 0.0; }

 private:
  Stops<double> stops_;
  Lanes<double> lanes_{};
  Desk<double> desk_{};
  RunningPeak<double> peak_;
  LaneArray<double> squares_{};
};

}  // namespace

TEST_CASE("a drawdown stop asks at its fraction of the peak, settled or not", "[risk]") {
  for (const bool settled : {false, true}) {
    Account account({.drawdown_stop = 0.1});
    const auto change = [&](double by) {
      const auto reason = account.change(by);
      if (settled) account.settle();
      return reason;
    };
    CHECK(change(200.0) == no_stop);
    CHECK(change(-100.0) == no_stop);
    CHECK(change(-19.9) == no_stop);
    CHECK(change(-0.2) == drawdown_reason);
    CHECK(account.out());
    for (int i = 0; i < 100; ++i) CHECK(change(0.0) == no_stop);
    CHECK(account.out());
  }
}

TEST_CASE("after the cool-down the peak begins anew", "[risk]") {
  Account account({.drawdown_stop = 0.1, .cooldown = 2.0});
  CHECK(account.change(-100.0) == drawdown_reason);
  for (int i = 0; i < 4; ++i) {
    CHECK(account.out());
    CHECK(account.change(0.0) == no_stop);
    account.settle();
  }
  CHECK_FALSE(account.out());
  CHECK(account.change(-89.0) == no_stop);
  account.settle();
  CHECK(account.change(-2.0) == drawdown_reason);
}

TEST_CASE("a loss that kills ends it for good, whatever the cool-down", "[risk]") {
  Account account({.kill_loss = 0.2, .cooldown = 0.5});
  CHECK(account.change(500.0) == no_stop);
  account.settle();
  CHECK(account.change(-699.0) == no_stop);
  account.settle();
  CHECK(account.change(-2.0) == kill_reason);
  for (int i = 0; i < 20; ++i) CHECK(account.change(0.0) == no_stop);
  CHECK(account.out());
}

TEST_CASE("the value at risk is that of the window by a normal law", "[risk]") {
  // Changes of +-a: sd a and mean 0 over 20 steps, so 2.326 sqrt(20) a = 10.40 a.
  for (const double limit : {0.103, 0.105}) {
    Account account({.var_limit = limit, .var_level = 0.99, .var_window = 20.0});
    std::vector<StopReason> reasons;
    for (int i = 0; i < 20; ++i) reasons.push_back(account.change(i % 2 == 0 ? 10.0 : -10.0));
    for (int i = 0; i < 19; ++i) CHECK(reasons[static_cast<std::size_t>(i)] == no_stop);
    CHECK(reasons.back() == (limit < 0.104 ? var_reason : no_stop));
  }
}

TEST_CASE("a value at risk that exceeds its limit is never overlooked", "[risk]") {
  const double z = 2.3263478740408408, limit = 0.1;
  std::mt19937 random(5);
  std::normal_distribution<double> normal;
  int stops = 0;
  for (int path = 0; path < 200; ++path) {
    Account account({.var_limit = limit, .var_level = 0.99, .var_window = 20.0});
    std::vector<double> changes;
    double equity = capital;
    for (int step = 1; step <= 60 && !account.out(); ++step) {
      changes.push_back((path % 20 - 10) * 0.3 + (6.0 + path % 7) * normal(random));
      equity += changes.back();
      const auto reason = account.change(changes.back());
      if (step % 7 == 0) account.settle();
      bool exceeded = false;
      if (step % 2 == 0 && step >= 20) {
        double sum = 0.0, squares = 0.0;
        for (std::size_t i = changes.size() - 20; i < changes.size(); ++i)
          sum += changes[i], squares += changes[i] * changes[i];
        exceeded = z * std::sqrt(squares - sum * sum / 20.0) - sum > limit * equity;
      }
      REQUIRE((reason == var_reason) == exceeded);
      stops += exceeded;
    }
  }
  CHECK(stops > 50);
  CHECK(stops < 190);
}

TEST_CASE("after a stop the window of the value at risk is filled anew", "[risk]") {
  Account account({.var_limit = 0.1, .var_window = 20.0, .cooldown = 0.5});
  int calm = 0;
  while (account.change(calm % 2 == 0 ? 10.0 : -10.0) == no_stop) ++calm;
  CHECK(calm == 19);
  int again = 0;
  while (account.change(again % 2 == 0 ? 10.0 : -10.0) == no_stop) ++again;
  CHECK(again >= 19);
  CHECK(again <= 22);
}

TEST_CASE("the window of the value at risk rolls", "[risk]") {
  Account account({.var_limit = 0.05, .var_window = 20.0});
  for (int i = 0; i < 30; ++i) CHECK(account.change(i % 2 == 0 ? 1.0 : -1.0) == no_stop);
  int steps = 0;
  while (account.change(steps % 2 == 0 ? 10.0 : -10.0) == no_stop) ++steps;
  CHECK(steps >= 4);
  CHECK(steps < 12);
}

TEST_CASE("a lane that leaves does not empty the windows of others", "[risk]") {
  const auto steps_until_stop = [](bool leaves) {
    Account account({.drawdown_stop = 0.5, .var_limit = 0.05, .var_window = 20.0});
    for (int i = 0; i < 31; ++i) {
      const double by = i % 2 == 0 ? 1.0 : -1.0;
      REQUIRE(account.change(by, leaves && i == 25 ? -600.0 : by) == no_stop);
    }
    int steps = 0;
    while (account.change(steps % 2 == 0 ? 10.0 : -10.0, 0.0) == no_stop) ++steps;
    return steps;
  };
  CHECK(steps_until_stop(false) < 12);
  CHECK(steps_until_stop(true) == steps_until_stop(false));
}
