#include "strategy/glft.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "csv.hpp"
#include "strategy/glft_solution.hpp"

using namespace quotesweep;
using Catch::Matchers::Contains;

namespace {

struct Case {
  PriceProcess process;
  FillModel fills;
  StrategyTerms terms{.name = StrategyName::glft};
  InventoryRange range;
};

Case case_of(const CsvRow& row) {
  Case c;
  c.process = {.sigma = number(row, "sigma"), .horizon = number(row, "T"), .dt = number(row, "T")};
  c.fills = {.arrival_rate = number(row, "A"), .decay = number(row, "k")};
  c.terms.gamma = number(row, "gamma");
  const auto limit = static_cast<std::int64_t>(number(row, "Q"));
  c.range = {limit, limit};
  return c;
}

/// Bid (inventory q) and ask (-q) distances of a form at time 0.
double bid(const Case& c, GlftForm form, std::int64_t q) {
  auto terms = c.terms;
  terms.form = form;
  const auto table = glft_table(terms, c.process, c.fills, c.range);
  return table.row(c.process.horizon)[q];
}

const Case usual{.process = {.sigma = 2.0, .horizon = 1.0, .dt = 0.01},
                 .fills = {.arrival_rate = 140.0, .decay = 1.5},
                 .range = {20, 20}};

}  // namespace

TEST_CASE("all three forms meet the quotes computed with 80 digits", "[strategy]") {
  const auto rows = read_csv(SOURCE_DIR "/tests/statistics/glft_quotes.csv");
  REQUIRE(rows.size() == 15);
  for (const auto& row : rows) {
    const Case c = case_of(row);
    const auto q = static_cast<std::int64_t>(number(row, "q"));
    CAPTURE(c.process.sigma, c.range.limit, q);
    for (const auto& [name, form] :
         {std::pair{"T", GlftForm::exact}, std::pair{"asymptotic", GlftForm::asymptotic},
          std::pair{"closed_form", GlftForm::closed_form}}) {
      CAPTURE(name);
      if (q < c.range.limit)
        REQUIRE(bid(c, form, q) ==
                Approx(number(row, std::string("bid_") + name)).margin(1e-9).epsilon(0));
      if (q > -c.range.limit)
        REQUIRE(bid(c, form, -q) ==
                Approx(number(row, std::string("ask_") + name)).margin(1e-9).epsilon(0));
    }
  }
}

TEST_CASE("at the horizon the exact quotes forget the inventory", "[strategy]") {
  GlftHorizon horizon(glft_model(0.1, usual.process, usual.fills, 20));
  for (const double ratio : horizon.log_ratios(20)) REQUIRE(ratio == 0.0);
  horizon.advance(1e-9);
  for (const double ratio : horizon.log_ratios(20)) REQUIRE(std::abs(ratio) < 1e-6);
}

TEST_CASE("one long step away from the horizon is many short ones", "[strategy]") {
  const auto model = glft_model(0.3, usual.process, usual.fills, 20);
  GlftHorizon once(model), often(model);
  once.advance(0.5);
  for (int i = 0; i < 50; ++i) often.advance(0.01);
  const auto a = once.log_ratios(20), b = often.log_ratios(20);
  for (std::size_t q = 0; q < a.size(); ++q) REQUIRE(a[q] == Approx(b[q]).epsilon(1e-11));
}

TEST_CASE("far from the horizon the exact quotes become the asymptotic ones", "[strategy]") {
  auto far = usual;
  far.process.horizon = far.process.dt = 50.0;
  for (std::int64_t q = -20; q < 20; ++q)
    REQUIRE(bid(far, GlftForm::exact, q) ==
            Approx(bid(far, GlftForm::asymptotic, q)).epsilon(1e-10));
}

TEST_CASE("components beyond the range of double keep their ratios", "[strategy]") {
  // v_0 / v_400 is about (alpha / eta)^400 (400!)^2: far above 1e308.
  const auto model = glft_model(1.0, usual.process, usual.fills, 400);
  const auto ratios = asymptotic_log_ratios(model);
  double sum = 0.0;
  for (const double ratio : ratios) sum += ratio;
  REQUIRE(sum > 900.0);
  GlftHorizon horizon(model);
  horizon.advance(2.0);
  const auto exact = horizon.log_ratios(400);
  for (std::size_t q = 0; q < ratios.size(); ++q)
    REQUIRE(exact[q] == Approx(ratios[q]).epsilon(1e-9).margin(1e-9));
}

TEST_CASE("lanes look their quotes up by time left and inventory", "[strategy]") {
  auto terms = usual.terms;
  const auto table = make_quote_table(terms, usual.process, usual.fills, {20, 20});
  REQUIRE(table->rows() == 100);
  const auto strategy = make_strategy<float>(terms, usual.process, usual.fills, table);
  Lanes<float> lanes{};
  Quotes<float> quotes{};
  for (int lane = 0; lane < lane_count; ++lane) lanes.inventory[lane] = float(lane % 39 - 19);
  for (const int steps_left : {1, 37, 100}) {
    GlftHorizon horizon(glft_model(terms.gamma, usual.process, usual.fills, 20));
    for (int i = 0; i < steps_left; ++i) horizon.advance(0.01);
    const auto ratio = horizon.log_ratios(20);
    const double constant = std::log(1.0 + 0.1 / 1.5) / 0.1;
    strategy->quote(steps_left * 0.01, lanes, quotes);
    for (int lane = 0; lane < lane_count; ++lane) {
      const int q = lane % 39 - 19;
      const auto at = [&](int i) {
        return i >= 0 ? ratio[std::size_t(i)] : -ratio[std::size_t(-i - 1)];
      };
      REQUIRE(quotes.bid_distance[lane] == Approx(at(q) / 1.5 + constant).epsilon(1e-6));
      REQUIRE(quotes.ask_distance[lane] == Approx(at(-q) / 1.5 + constant).epsilon(1e-6));
    }
  }
}

TEST_CASE("between whole lots glft quotes are those of the nearest, half up", "[strategy]") {
  const auto table = make_quote_table(usual.terms, usual.process, usual.fills, {20, 20, false});
  const auto strategy = make_strategy<double>(usual.terms, usual.process, usual.fills, table);
  Lanes<double> whole{}, between{};
  Quotes<double> a{}, b{};
  for (int lane = 0; lane < lane_count; ++lane) {
    whole.inventory[lane] = lane % 39 - 19;
    between.inventory[lane] = whole.inventory[lane] + 0.25 * (lane % 4) - 0.5;
  }
  strategy->quote(0.5, whole, a);
  strategy->quote(0.5, between, b);
  for (int lane = 0; lane < lane_count; ++lane) {
    REQUIRE(a.bid_distance[lane] == b.bid_distance[lane]);
    REQUIRE(a.ask_distance[lane] == b.ask_distance[lane]);
  }
}

TEST_CASE("a table that cannot be made in reasonable time is refused with advice", "[strategy]") {
  auto terms = usual.terms;
  REQUIRE_NOTHROW(check_glft(terms, usual.process, usual.fills, {50, 50}));
  REQUIRE_THROWS_WITH(check_glft(terms, usual.process, usual.fills, {0, 0}),
                      Contains("risk.q_max") && Contains("at least one"));
  REQUIRE_THROWS_WITH(check_glft(terms, usual.process, usual.fills, {1000000, 100}),
                      Contains("risk.q_max = 1000000") && Contains("closed_form"));
  auto longer = usual.process;
  longer.horizon = 10000.0;
  REQUIRE_THROWS_WITH(check_glft(terms, longer, usual.fills, {50, 50}), Contains("asymptotic"));
  terms.form = GlftForm::asymptotic;
  REQUIRE_NOTHROW(check_glft(terms, longer, usual.fills, {50, 50}));
  terms.form = GlftForm::closed_form;
  REQUIRE_NOTHROW(check_glft(terms, longer, usual.fills, {1000000, 1000000}));
  REQUIRE_NOTHROW(check_glft(terms, longer, usual.fills, {InventoryRange::endless, 1000000}));
  REQUIRE_THROWS_WITH(check_glft(terms, longer, usual.fills, {InventoryRange::endless, 10000000}),
                      Contains("risk.q_max = .inf"));
}
