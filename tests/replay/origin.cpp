#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>

#include "csv.hpp"
#include "replay/replay_runner.hpp"

using namespace quotesweep;

namespace {

const std::string shared = std::string(SOURCE_DIR) + "/../shared/";

Bars read_bars(const std::string& symbol) {
  Bars bars{.symbol = symbol};
  auto rows = read_csv(shared + "data/timcaron_daily/" + symbol + "_1d.csv");
  std::ranges::reverse(rows);  // they are newest first
  for (const auto& row : rows) {
    bars.open.push_back(number(row, "Open"));
    bars.high.push_back(number(row, "High"));
    bars.low.push_back(number(row, "Low"));
    bars.close.push_back(number(row, "Close"));
    bars.volume.push_back(0.0);
  }
  return bars;
}

Tape daily_tape() {
  Tape tape{.symbols = {read_bars("BTCUSDT"), read_bars("ETHUSDT")}};
  for (std::size_t i = 0; i < tape.symbols[0].open.size(); ++i)
    tape.time.push_back(static_cast<std::int64_t>(i) * 86'400'000'000'000);
  tape.bar_seconds = 86400.0;
  tape.bars_per_year = 365.0;
  return tape;
}

/// The settings of the reference, as its README and the origin's defaults have them.
ReplayPoint origin_point(const std::string& name) {
  Scenario s;
  s.market.model = MarketModel::replay;
  s.account.capital = 100'000.0;
  s.account.maker_fee = 0.0002;
  s.account.taker_fee_bps = 5.0;
  s.orders.min_value = 10.0;
  s.ladder.origin_conventions = true;
  s.warm_up = 7.0;
  if (name.starts_with("tokyo")) s.strategy.name = StrategyName::tokyo;
  if (name.starts_with("stoikov")) s.strategy.name = StrategyName::stoikov;
  if (name.starts_with("mexico")) s.strategy.name = StrategyName::mexico;
  if (name == "tokyo_3_levels") s.ladder.min_spread = 0.004;
  if (name == "stoikov_g5") {
    s.strategy.gamma = 5.0;
    s.ladder.gamma_spread = 2.0;
  }
  if (name == "mexico_3_levels_adaptive") {
    s.ladder.adaptive_sizes = true;
    s.ladder.q_factor = -0.02;
  }
  if (name.find("3_levels") != std::string::npos) s.ladder.levels = 3.0;
  Scenario other = s;
  s.book.tick = 1.0;
  other.book.tick = 0.5;
  return {.symbols = {s, other}};
}

bool near(double ours, double theirs) {
  return std::abs(ours - theirs) <= 1e-8 * std::abs(theirs) + 1e-12;
}

}  // namespace

TEST_CASE("a replay meets the origin's own numbers to 1e-8", "[replay]") {
  if (!std::filesystem::exists(shared + "data/timcaron_daily")) {
    WARN("skipped: the daily bars are not beside the project");
    return;
  }
  const Tape tape = daily_tape();
  std::vector<BarShelf> shelves;
  for (const auto& bars : tape.symbols) shelves.emplace_back(bars);
  auto expected = read_csv(shared + "reference/replay_origin.csv");
  for (const std::string name :
       {"tokyo", "tokyo_3_levels", "stoikov", "stoikov_g5", "mexico", "mexico_3_levels_adaptive"}) {
    const std::vector points{origin_point(name)};
    ReplayRunner runner(tape, shelves, points);
    std::map<std::size_t, CsvRow> rows;
    for (const auto& row : expected)
      if (row.at("strategy") == name) rows[static_cast<std::size_t>(number(row, "bar"))] = row;
    REQUIRE(rows.size() == 32);
    int compared = 0;
    runner.run([&](std::size_t bar, const ReplayRunner& now) {
      const auto found = rows.find(bar);
      if (found == rows.end()) return;
      const auto& row = found->second;
      const bool stopped = now.wallet().active[0] == 0.0;
      const bool last = bar + 1 == tape.size();
      CAPTURE(name, bar, stopped);
      CHECK(near(stopped ? 0.0 : now.wallet().balance[0], number(row, "wallet")));
      CHECK(near(stopped ? 0.0 : now.wallet().margin[0], number(row, "margin")));
      for (std::size_t i = 0; i < 2; ++i) {
        const auto& symbol = tape.symbols[i];
        const double price = last ? symbol.open[bar] : symbol.close[bar];
        const double open = symbol.open[bar];
        const bool quoted = bar >= 7 && !last;
        const double share = now.share()[0];
        CHECK(near(stopped ? 0.0 : now.book(i).position()[0] * price / share,
                   number(row, "leverage_" + symbol.symbol)));
        CHECK(near(stopped  ? 0.0
                   : quoted ? now.ladder(i).reservation[0]
                            : open,
                   number(row, "reservation_price_" + symbol.symbol)));
        CHECK(near(now.book(i).realized()[0], number(row, "realized_pnl_" + symbol.symbol)));
      }
      ++compared;
    });
    CHECK(compared == 32);
  }
}
