#include <algorithm>
#include <catch2/catch.hpp>

#include "replay/calm_only.hpp"
#include "replay/range_maker.hpp"

using namespace quotesweep;

namespace {

/// Opens that rise by one a bar, within 2 of the lows and highs.
Bars rising_bars() {
  Bars bars{.symbol = "X"};
  for (int i = 0; i < 60; ++i) {
    const double open = 100.0 + i;
    bars.open.push_back(open);
    bars.low.push_back(open - 2.0);
    bars.high.push_back(open + 2.0);
    bars.close.push_back(open + 1.0);
    bars.volume.push_back(1.0);
  }
  return bars;
}

struct Block {
  std::vector<double> signals;
  Column position{}, entry{}, margin{}, max_position{};
  LadderInput input() const {
    return {8, 30, 200.0, 1.0, signals, position, entry, margin, max_position};
  }
};

}  // namespace

TEST_CASE("an indicator of one's own is made once, from the bars before the open", "[replay]") {
  const Bars bars = rising_bars();
  BarShelf shelf(bars);
  const auto series = shelf.get(Indicator::own(channel_position, 10));
  CHECK(series[9] == 0.5);
  for (std::size_t i = 10; i < 60; ++i) {
    const double low = bars.low[i - 10], high = bars.high[i - 1];
    CHECK(series[i] == Approx((bars.open[i] - low) / (high - low)));
  }
  CHECK(shelf.get(Indicator::own(channel_position, 10)).data() == series.data());
}

TEST_CASE("a strategy of one's own wants more of what is cheap", "[replay]") {
  Scenario scenario;
  scenario.ladder.min_spread = 0.01;
  scenario.margin.aggressivity = 0.1;
  RangeMaker strategy(std::vector{scenario});
  Block block{{0.9}};
  std::ranges::fill(block.max_position.values, 50.0);
  Ladder ladder;
  ladder.levels.resize(1);
  strategy.quote(block.input(), ladder);
  const auto& level = ladder.levels[0];
  for (int lane = 0; lane < 8; ++lane) {
    CHECK(level.bid[lane] == Approx(198.0));
    CHECK(level.ask[lane] == Approx(202.0));
    CHECK(level.bid_size[lane] == Approx(1.0));
    CHECK(level.ask_size[lane] == Approx(9.0));
  }
}

TEST_CASE("a rule of one's own takes orders and positions away", "[replay]") {
  CalmOnly rule(0.02, 7);
  for (const double volatility : {0.01, 0.03}) {
    const Block block{{volatility}};
    Ladder ladder;
    ladder.levels.resize(2);
    for (auto& level : ladder.levels)
      for (int lane = 0; lane < 8; ++lane) level.bid_size[lane] = level.ask_size[lane] = 3.0;
    Column leaves{};
    rule.exit(block.input(), leaves);
    rule.restrict_orders(block.input(), ladder);
    const bool calm = volatility < 0.02;
    for (int lane = 0; lane < 8; ++lane) {
      CHECK(leaves[lane] == (calm ? 0.0 : 1.0));
      CHECK(ladder.levels[1].bid_size[lane] == (calm ? 3.0 : 0.0));
      CHECK(ladder.levels[0].ask_size[lane] == (calm ? 3.0 : 0.0));
    }
  }
}
