#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "metrics/point_results.hpp"
#include "replay/replay_results.hpp"
#include "replay/walk_tape.hpp"
#include "sim/complete_scenario.hpp"
#include "sim/engine.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

constexpr double normal_quantile = 1.959963984540054;  // 97.5 %
constexpr std::string_view suffix = "_se";

using Rows = std::vector<std::vector<double>>;  // [replication][result]

/// What the intervals of one result did in one cell.
struct Coverage {
  int known = 0, covering = 0, alike = 0;  // replications: with an error, of those; with one of 0
  int all = 0;

  /// Where few replications have an error, it is those whose sample deceives.
  bool is_known() const { return 2 * known >= all; }
};

/// Cells of the table by result; results in the order of the file.
struct Table {
  std::string kind;  // as in exempt()
  std::vector<std::string> cells, results;
  std::map<std::string, std::map<std::string, Coverage>> found;  // [result][cell]

  /// Counts intervals value +- 1.96 errors that hold the truth. Results are as `names` say.
  void add(const std::string& cell, const std::vector<std::string>& names, const Rows& rows,
           const std::vector<double>& truth) {
    cells.push_back(cell);
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!names[i].ends_with(suffix)) continue;
      const auto result = names[i].substr(0, names[i].size() - suffix.size());
      const auto value = static_cast<std::size_t>(std::ranges::find(names, result) - names.begin());
      REQUIRE(value < names.size());
      if (std::ranges::find(results, result) == results.end()) results.push_back(result);
      auto& coverage = found[result][cell];
      for (const auto& row : rows) {
        ++coverage.all;
        if (row[i] == 0.0) ++coverage.alike;
        if (!(row[i] > 0.0) || std::isnan(row[value]) || std::isnan(truth[value])) continue;
        ++coverage.known;
        coverage.covering += std::abs(row[value] - truth[value]) <= normal_quantile * row[i];
      }
    }
  }
};

std::vector<std::string> names_of(const std::vector<ResultDefinition>& definitions) {
  std::vector<std::string> names;
  for (const auto& one : definitions)
    for (std::size_t i = 0; i < one.length; ++i)
      names.push_back(one.length == 1 ? one.name : fmt::format("{}[{}]", one.name, i));
  return names;
}

/// Replications of a point by `paths` paths each; the truth is what all of them together say.
void add_simulated(Table& table, const std::string& cell, Scenario s, std::uint64_t paths) {
  constexpr int replications = 1000;
  s.metrics.quantiles = Quantiles::always;
  s.metrics.detail = Detail::full;
  s.metrics.target = 0.0;
  std::vector<PointState> states(replications);
#pragma omp parallel for schedule(dynamic)
  for (int i = 0; i < replications; ++i) {
    const PointInput point(s, 1'000'000 + static_cast<unsigned>(i));
    Engine(Precision::single_)
        .simulate({&point, 1}, {0, paths}, {&states[static_cast<std::size_t>(i)], 1});
  }
  PointState all;
  Rows rows;
  for (const auto& state : states) {
    all.merge(state);
    rows.push_back(point_results(state, s.metrics, path_target(s)));
  }
  table.add(cell, names_of(result_definitions(s.metrics)), rows,
            point_results(all, s.metrics, path_target(s)));
}

/// A market that ruins some: stops in about one path of forty.
Scenario with_rare_stops() {
  Scenario s = complete_scenario(2);
  s.risk.drawdown_stop = 0.02;
  s.risk.var_limit = 0.0;
  s.risk.kill_loss = 0.02;
  s.market.horizon = 1.0;
  return s;
}

/// Replays of tapes of their own, 250 bars each; the truth is the mean over all of them.
void add_replayed(Table& table, const std::string& cell, const Scenario& s, std::size_t bars) {
  constexpr int replications = 600;
  Rows rows(replications);
  std::vector<std::string> names;
#pragma omp parallel for schedule(dynamic)
  for (int i = 0; i < replications; ++i) {
    const auto seed = static_cast<unsigned>(i);
    const Tape tape = tape_of({walk("ONE", bars, 100.0, 0.004, seed)});
    auto shelves = shelves_of(tape);
    ReplayRunner runner(tape, shelves, std::vector{same_for_all(tape, s)});
    ReplayMeasure measure{.clock = replay_clock(tape, 1)};
    measure.bootstrap = {
        .intervals = bars, .resamples = 300, .mean_block = default_mean_block(bars), .seed = seed};
    rows[static_cast<std::size_t>(i)] = replay_results(runner, tape, measure, 1)[0];
  }
  std::vector<double> truth(rows[0].size()), count(rows[0].size());
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i)
      if (!std::isnan(row[i])) {
        truth[i] += row[i];
        count[i] += 1.0;
      }
  for (std::size_t i = 0; i < truth.size(); ++i) truth[i] /= count[i];
  table.add(cell, names_of(replay_definitions({"ONE"}, 0)), rows, truth);
}

/// Results whose intervals are not held to 92 to 98 %, and why.
const std::map<std::string, std::string>& exempt() {
  static const char* activity =
      "activity persists for longer than a block; its `definition` says so";
  static const char* drawdown =
      "the spread of drawdowns of resampled intervals; its `definition` says so";
  static const std::map<std::string, std::string> reasons{
      {"turnover (replay)", activity},     {"fees (replay)", activity},
      {"trades (replay)", activity},       {"win_rate (replay)", activity},
      {"max_drawdown (replay)", drawdown}, {"max_drawdown_pct (replay)", drawdown}};
  return reasons;
}

std::string text(const Coverage& coverage) {
  if (!coverage.is_known()) return coverage.alike > 0 ? "alike" : "NaN";
  return fmt::format("{:.1f} %", 100.0 * coverage.covering / coverage.known);
}

std::string lines(const Table& table) {
  std::string all = "| result |", rule = "|---|";
  for (const auto& cell : table.cells) {
    all += fmt::format(" {} |", cell);
    rule += "---|";
  }
  all += " why not |\n" + rule + "---|\n";
  for (const auto& result : table.results) {
    all += fmt::format("| `{}` |", result);
    for (const auto& cell : table.cells)
      all += fmt::format(" {} |", text(table.found.at(result).at(cell)));
    const auto reason = exempt().find(result + table.kind);
    all += fmt::format(" {} |\n", reason == exempt().end() ? "" : reason->second);
  }
  return all;
}

void check_all(const Table& table) {
  for (const auto& result : table.results)
    for (const auto& cell : table.cells) {
      const auto& coverage = table.found.at(result).at(cell);
      if (!coverage.is_known() || exempt().contains(result + table.kind)) continue;
      CAPTURE(result, cell, coverage.known);
      CHECK(coverage.covering >= 0.92 * coverage.known);
      CHECK(coverage.covering <= 0.98 * coverage.known);
    }
}

/// Holds the part of docs/coverage.md below a heading to a table; QUOTESWEEP_UPDATE=1 writes it.
void check_page(const std::string& heading, const std::string& table) {
  const std::string path = SOURCE_DIR "/docs/coverage.md";
  std::stringstream page;
  page << std::ifstream(path).rdbuf();
  std::string all = page.str();
  const auto begin = all.find("| result |", all.find("## " + heading));
  REQUIRE(begin != std::string::npos);
  const auto end = std::min(all.find("\n\n", begin), all.size() - 1) + 1;
  if (std::getenv("QUOTESWEEP_UPDATE") != nullptr)
    std::ofstream(path) << all.replace(begin, end - begin, table);
  else
    CHECK(all.substr(begin, end - begin) == table);
}

}  // namespace

TEST_CASE("intervals of every result of simulated paths cover as often as they say",
          "[statistics]") {
  Table table;
  Scenario bare;
  bare.fills.probability = FillProbability::bernoulli;
  add_simulated(table, "64 paths of the paper's cell", bare, 64);
  Scenario losing;
  losing.market.sigma = 8.0;
  losing.strategy.gamma = 0.01;
  losing.fills.arrival_rate = 30.0;
  losing.risk.q_max = 2.0;
  add_simulated(table, "256, at most two units", losing, 256);
  add_simulated(table, "4,096, complete, rare stops", with_rare_stops(), 4096);
  add_simulated(table, "2,048, complete, a pair", complete_scenario(1), 2048);
  check_all(table);
  check_page("Simulated paths", lines(table));
}

TEST_CASE("intervals of every result of a replay cover as often as they say", "[statistics]") {
  Table table{.kind = " (replay)"};
  Scenario s = one_unit_around_100();
  s.ladder.min_spread = 0.01;
  s.risk.q_max = 1e300;
  s.account = {.capital = 1000.0, .maker_fee = 0.0002, .taker_fee_bps = 5.0};
  s.margin = {
      .max_leverage = 1.0, .aggressivity = 0.3, .emergency_leverage = 0.0, .early_stop = 0.0};
  s.orders.close_at_end = true;
  add_replayed(table, "tokyo, 250 intervals", s, 250);
  add_replayed(table, "tokyo, 33 intervals", s, 33);
  add_replayed(table, "tokyo, 30 intervals", s, 30);
  s.strategy.name = StrategyName::stoikov;
  s.strategy.gamma = 20.0;
  add_replayed(table, "stoikov, 100 intervals", s, 100);
  check_all(table);
  check_page("Replays", lines(table));
}
