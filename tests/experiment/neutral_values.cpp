#include <catch2/catch.hpp>
#include <cmath>
#include <utility>
#include <vector>

#include "experiment/one_point.hpp"
#include "experiment/parameter.hpp"
#include "replay/walk_tape.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

constexpr double endless = HUGE_VAL, almost_nothing = 1e-13;
constexpr double same_bits = 0.0, rounding = 1e-9, close = 1e-6;

enum class Ground { paths, pair, tape };

/// A value of a parameter that does nothing, on some ground and with some other settings; it is
/// held against the default. Or the reason why there is none.
struct Neutral {
  std::string_view name;
  std::string_view reason;  // or empty
  double value = 0.0;
  double tolerance = same_bits;  // of a result, relative
  Ground ground = Ground::paths;
  std::vector<std::pair<std::string_view, double>> with{};
};

constexpr auto law = "chooses a law or a rule, of which none is none";
constexpr auto scale = "is a scale of the market or of the market maker";
constexpr auto ladder = "is a coefficient of a ladder's formula, whose 0 the formula's test has";

const std::vector<Neutral>& table() {
  static constexpr double avellaneda = 0.0, symmetric = 1.0, full = 2.0, micro = 1.0, ewma = 1.0,
                          always = 1.0;
  static const std::vector<Neutral> all{
      {"market.model", law},
      {"market.initial_price", scale},
      {"market.sigma", scale},
      {"market.drift", "", almost_nothing, rounding},
      {"market.T", scale},
      {"market.dt", scale},
      {"market.moves", law},
      {"market.partner_price", "", 55.0, same_bits, Ground::pair},
      {"market.partner_sigma", scale},
      {"market.hedge_ratio", scale},
      {"market.spread_reversion",
       "",
       almost_nothing,
       rounding,
       Ground::pair,
       {{"market.break_time", 1e-12}}},
      {"market.spread_sigma", scale},
      {"market.break_time", "", 0.5, same_bits, Ground::pair},
      {"market.tick", "", 1e-9, close},
      {"market.book_spread", "", 3.0, same_bits, Ground::paths, {{"market.tick", 0.01}}},
      {"market.depth",
       "",
       1e12,
       same_bits,
       Ground::pair,
       {{"market.tick", 0.01}, {"risk.slippage", 1.0}, {"strategy.pair_quantity", 2.0}}},
      {"market.imbalance_sd", "", 1.0, rounding},
      {"market.imbalance_reversion", "", 7.0},
      {"market.imbalance_strength", "", 0.3},
      {"market.spike_start", "", 0.1},
      {"market.spike_length", "", 0.2, rounding, Ground::paths, {{"market.spike_factor", 1.0}}},
      {"market.spike_factor", "", 5.0},
      {"fills.A", scale},
      {"fills.k", scale},
      {"fills.probability", law},
      {"signal.volatility", "", ewma, close, Ground::paths, {{"signal.ewma_alpha", 1e-13}}},
      {"signal.ewma_alpha", "only the ewma has it, and an ewma without it is none"},
      {"signal.volatility_floor",
       "",
       1e-9,
       same_bits,
       Ground::paths,
       {{"signal.volatility", ewma}}},
      {"signal.volatility_window", "only the realized volatility has it, and needs one"},
      {"signal.imbalance_smoothing",
       "",
       almost_nothing,
       rounding,
       Ground::paths,
       {{"strategy.fair_value", micro},
        {"market.imbalance_sd", 1.0},
        {"market.tick", 1e-4},
        {"market.book_spread", 200.0}}},
      {"signal.lookback", "an estimate needs a window"},
      {"signal.interval", "an estimate has an interval"},
      {"signal.adf_lags", law},
      {"signal.adf_pval_max", law},
      {"signal.enter", "", 100.0, same_bits, Ground::pair},
      {"signal.exit", "", 0.1, same_bits, Ground::pair},
      {"signal.max_bias", "", 3.0, same_bits, Ground::pair},
      {"strategy.name", law},
      {"strategy.gamma", scale},
      {"strategy.half_spread", law},
      {"strategy.form", law},
      {"strategy.floor_quotes", "", 1.0, same_bits, Ground::paths, {{"strategy.name", symmetric}}},
      {"strategy.horizon", "a rule reckons with some time left"},
      {"strategy.fair_value", "", micro, rounding},
      {"strategy.min_half_spread", "", 1e-9, rounding},
      {"strategy.max_half_spread", "", 9999.0, rounding},
      {"strategy.phi", "", almost_nothing, rounding},
      {"strategy.pair_bias", "", almost_nothing, rounding, Ground::pair},
      {"strategy.pair_quantity", "", 2.0, same_bits, Ground::pair, {{"signal.enter", 100.0}}},
      {"strategy.quantity", "is a unit, whose change changes nothing: that is a law of its own"},
      {"strategy.size_volatility", "", 0.7},
      {"strategy.size_inventory", "", 0.7, rounding, Ground::paths, {{"risk.q_max", 1e12}}},
      {"strategy.levels", "a ladder has some"},
      {"strategy.min_spread", ladder},
      {"strategy.gamma_spread", ladder},
      {"strategy.constant_spread", ladder},
      {"strategy.vol_factor", ladder},
      {"strategy.spread_mom_factor", ladder},
      {"strategy.q_factor", ladder},
      {"strategy.upnl_factor", ladder},
      {"strategy.mean_revert_factor", ladder},
      {"strategy.momentum_factor", ladder},
      {"strategy.adaptive_sizes", law},
      {"strategy.origin_conventions", law},
      {"signal.window_volatility", "an estimate needs a window"},
      {"signal.window_sma", "an estimate needs a window"},
      {"signal.window_momentum", "an estimate needs a window"},
      {"signal.warm_up", "a replay begins somewhere"},
      {"risk.q_max", "", 1e9},
      {"risk.leverage", "", 1e9},
      {"risk.drawdown_stop", "", 10.0},
      {"risk.var_limit", "", 1e6},
      {"risk.var_level", "", 0.7},
      {"risk.var_window", "", 50.0},
      {"risk.kill_loss", "", 10.0},
      {"risk.cooldown", "", 0.1},
      {"risk.slippage", "", 3.0, same_bits, Ground::paths, {{"market.tick", 0.01}}},
      {"risk.max_orders", "", 1.6e7},
      {"risk.order_interval", "", 0.1},
      {"risk.open_orders", "2 is as many as there are"},
      {"risk.max_leverage",
       "",
       1e9,
       same_bits,
       Ground::tape,
       {{"risk.max_leverage", 0.0}, {"risk.q_max", 10.0}}},
      {"risk.aggressivity", "is the size of a ladder's orders"},
      {"risk.emergency_leverage", "", 1e9, same_bits, Ground::tape},
      {"risk.early_stop", "", 1e-12, same_bits, Ground::tape},
      {"account.capital", scale},
      {"account.initial_inventory", "", 1e-10},
      {"account.maker_fee", "", almost_nothing, rounding},
      {"account.maker_fee_bps", "", almost_nothing, rounding},
      {"account.taker_fee_bps", "", 3.0},
      {"account.fee_per_unit", "", almost_nothing, rounding},
      {"metrics.clock", "", 0.005},
      {"metrics.target", "", almost_nothing, close},
      {"metrics.annualization", "1 is no factor"},
      {"metrics.quantiles", "", always, same_bits, Ground::paths, {}},
      {"metrics.detail", "", full, same_bits, Ground::paths, {}},
      {"metrics.bootstrap", "", 0.0, same_bits, Ground::tape},
      {"metrics.windows", "", 4.0, same_bits, Ground::tape},
      {"metrics.bootstrap_block", "", 5.0, same_bits, Ground::tape},
      {"orders.fill", law},
      {"orders.first", law},
      {"orders.life", "an order lives for some bars"},
      {"orders.latency", "0 is none"},
      {"orders.lot", "", 1e-9, close, Ground::tape},
      {"orders.min_value", "", 1e-9, same_bits, Ground::tape},
      {"orders.no_room",
       "",
       1.0,
       same_bits,
       Ground::tape,
       {{"strategy.name", avellaneda},
        {"risk.max_leverage", 1e6},
        {"market.sigma", 0.05},
        {"fills.k", 3.0}}},
      {"orders.post_only", "", 1.0, same_bits, Ground::paths, {{"strategy.name", symmetric}}},
      {"orders.post_only", "", 1.0, same_bits, Ground::tape},
      {"orders.close_at_end", law},
  };
  return all;
}

std::shared_ptr<const Tape> some_tape() {
  static const auto tape = std::make_shared<const Tape>(walk_tape(300, 0.006, 2));
  return tape;
}

/// A study on whose ground a value is neutral.
Study ground_of(const Neutral& neutral) {
  Study study;
  study.paths = study.block = 256;
  study.precision = Precision::double_;
  study.choose_precision = false;
  auto& s = study.scenario;
  s.market.horizon = 0.5;
  s.account.maker_fee_bps = 0.0;
  s.metrics.quantiles = Quantiles::never;
  s.metrics.detail = Detail::basic;
  if (neutral.ground == Ground::pair) {
    s.market.model = MarketModel::cointegrated;
    s.signal.pair = {.lookback = 20, .interval = 5, .adf_pval_max = 0.5, .enter = 1.0};
  }
  if (neutral.ground == Ground::tape) {
    study.tape = some_tape();
    s.market = {.model = MarketModel::replay, .dt = 1.0};
    s.strategy.name = StrategyName::tokyo;
    s.ladder.min_spread = 0.004;
    s.margin.emergency_leverage = s.margin.early_stop = 0.0;
    s.bootstrap.resamples = 10.0;
  }
  for (const auto& [name, value] : neutral.with) find_parameter(name).set(s, value);
  return study;
}

bool is_error(const std::string& name) {
  return name.ends_with("_se");
}

void compare(const Neutral& neutral) {
  CAPTURE(neutral.name, neutral.value);
  const Study without = ground_of(neutral);
  Study with = without;
  const auto& parameter = find_parameter(neutral.name);
  REQUIRE(value_problem(parameter, neutral.value).empty());
  REQUIRE(parameter.get(with.scenario) != neutral.value);
  parameter.set(with.scenario, neutral.value);
  const auto before = results_by_name(without), now = results_by_name(with);
  REQUIRE(before.at("trades").value > 10.0);
  REQUIRE(before.at("pnl").value != 0.0);
  const bool of_errors = parameter.key().starts_with("bootstrap");
  for (const auto& [name, result] : before) {
    // Warnings look at settings, too.
    if (!now.contains(name) || name == "warnings" || (of_errors && is_error(name))) continue;
    CAPTURE(name, result.value, now.at(name).value);
    const double other = now.at(name).value;
    const bool equal = other == result.value || (std::isnan(other) && std::isnan(result.value));
    const double allowed = neutral.tolerance * (std::abs(result.value) + 1e-6);
    CHECK((equal || std::abs(other - result.value) <= allowed));
  }
}

}  // namespace

TEST_CASE("every parameter has a neutral value, or a reason why it has none", "[experiment]") {
  for (const auto& parameter : parameters()) {
    const auto found = std::ranges::find(table(), parameter.name, &Neutral::name);
    INFO(parameter.name << ": add what leaves a study as it is to the table");
    CHECK(found != table().end());
  }
  for (const auto& neutral : table()) CHECK_NOTHROW(find_parameter(neutral.name));
}

TEST_CASE("a parameter at its neutral value leaves the results of a study without it",
          "[experiment]") {
  for (const auto& neutral : table())
    if (neutral.reason.empty()) compare(neutral);
}
