#include "experiment/parameter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"

namespace quotesweep {
namespace {

constexpr std::string_view model_names[] = {"brownian"};
constexpr std::string_view moves_names[] = {"normal", "binomial"};
constexpr std::string_view probability_names[] = {"poisson", "bernoulli"};
constexpr std::string_view strategy_names[] = {"avellaneda_stoikov", "symmetric", "glft"};
constexpr std::string_view half_spread_names[] = {"current", "average"};
constexpr std::string_view form_names[] = {"exact", "asymptotic", "closed_form"};

constexpr std::string_view quantiles_names[] = {"auto", "always", "never"};

constexpr Range any{-1e15, 1e15};
constexpr Range positive{0.0, 1e15, Range::Low::excluded};
constexpr Range not_negative{0.0, 1e15};

template <auto Section, auto Member>
double get_member(const Scenario& scenario) {
  return static_cast<double>((scenario.*Section).*Member);
}

template <auto Section, auto Member>
void set_member(Scenario& scenario, double value) {
  auto& member = (scenario.*Section).*Member;
  member = static_cast<std::remove_reference_t<decltype(member)>>(value);
}

bool always(const Scenario&) {
  return true;
}
bool is_symmetric(const Scenario& s) {
  return s.strategy.name == StrategyName::symmetric;
}

bool is_glft(const Scenario& s) {
  return s.strategy.name == StrategyName::glft;
}

template <auto Section, auto Member>
Parameter number(std::string_view name, std::string_view unit, const Range& range,
                 std::string_view meaning) {
  return {name,
          ParameterKind::real,
          unit,
          range,
          meaning,
          {},
          get_member<Section, Member>,
          set_member<Section, Member>,
          always,
          ""};
}

template <auto Section, auto Member>
Parameter choice(std::string_view name, std::span<const std::string_view> choices,
                 std::string_view meaning) {
  const Range range{0.0, static_cast<double>(choices.size() - 1)};
  return {name,
          ParameterKind::choice,
          "",
          range,
          meaning,
          choices,
          get_member<Section, Member>,
          set_member<Section, Member>,
          always,
          ""};
}

std::vector<Parameter> market_parameters() {
  return {
      choice<&Scenario::market, &PriceProcess::model>(
          "market.model", model_names, "law of the mid price: brownian, dS = sigma dW"),
      number<&Scenario::market, &PriceProcess::initial_price>("market.initial_price", "price",
                                                              positive, "mid price at time 0"),
      number<&Scenario::market, &PriceProcess::sigma>("market.sigma", "price / sqrt(time)",
                                                      not_negative, "volatility of the mid price"),
      number<&Scenario::market, &PriceProcess::horizon>("market.T", "time", positive,
                                                        "horizon; T/dt must be an integer"),
      number<&Scenario::market, &PriceProcess::dt>("market.dt", "time", positive,
                                                   "length of a step"),
      choice<&Scenario::market, &PriceProcess::moves>(
          "market.moves", moves_names,
          "law of one move: normal, or binomial (+-sigma sqrt(dt), as in Avellaneda and Stoikov)"),
      number<&Scenario::fills, &FillModel::arrival_rate>(
          "fills.A", "1 / time", positive,
          "arrival rate of orders at the mid, lambda = A exp(-k d)"),
      number<&Scenario::fills, &FillModel::decay>(
          "fills.k", "1 / price", positive,
          "decay of the arrival rate with the distance d from the mid"),
      choice<&Scenario::fills, &FillModel::probability>(
          "fills.probability", probability_names,
          "probability of a fill in a step: poisson 1 - exp(-lambda dt), or bernoulli "
          "min(1, lambda dt) (Avellaneda and Stoikov's convention)"),
  };
}

std::vector<Parameter> strategy_parameters() {
  auto half_spread = choice<&Scenario::strategy, &StrategyTerms::half_spread>(
      "strategy.half_spread", half_spread_names,
      "of the symmetric strategy: current (narrows with the time left) or average (its mean over "
      "the "
      "steps, held constant)");
  half_spread.applies = is_symmetric;
  half_spread.applies_where = "strategy.name: symmetric";
  auto form = choice<&Scenario::strategy, &StrategyTerms::form>(
      "strategy.form", form_names,
      "of the glft strategy: exact for the finite horizon, asymptotic (far from it), or the "
      "closed_form approximation of the asymptotic quotes");
  form.applies = is_glft;
  form.applies_where = "strategy.name: glft";
  auto floor = choice<&Scenario::strategy, &StrategyTerms::floor_quotes>(
      "strategy.floor_quotes", {}, "whether negative distances from the mid become zero");
  floor.kind = ParameterKind::flag;
  floor.range = {0.0, 1.0};
  return {
      choice<&Scenario::strategy, &StrategyTerms::name>(
          "strategy.name", strategy_names,
          "quoting rule: avellaneda_stoikov (2008), symmetric (its half spread without the skew), "
          "or "
          "glft (Gueant, Lehalle and Fernandez-Tapia 2013, optimal under the limit q_max)"),
      number<&Scenario::strategy, &StrategyTerms::gamma>("strategy.gamma", "1 / price", positive,
                                                         "risk aversion"),
      half_spread,
      form,
      floor,
  };
}

std::vector<Parameter> account_parameters() {
  auto q_max = number<&Scenario::risk, &RiskTerms::q_max>(
      "risk.q_max", "units", {1.0, 1e6}, "inventory limit: no bid at q_max, no ask at -q_max");
  q_max.kind = ParameterKind::integer;
  auto inventory = number<&Scenario::account, &AccountTerms::initial_inventory>(
      "account.initial_inventory", "units", {-1e6, 1e6},
      "inventory at time 0, bought at the initial price; capital includes it");
  inventory.kind = ParameterKind::integer;
  return {
      q_max,
      number<&Scenario::account, &AccountTerms::capital>(
          "account.capital", "price", positive, "equity at the start; turnover is relative to it"),
      inventory,
      number<&Scenario::account, &AccountTerms::maker_fee>(
          "account.maker_fee", "1", {-1.0, 1.0},
          "fee per fill as a fraction of its value; negative is a rebate"),
      number<&Scenario::account, &AccountTerms::fee_per_unit>(
          "account.fee_per_unit", "price / unit", any, "fee per fill; negative is a rebate"),
      number<&Scenario::metrics, &MetricTerms::clock>(
          "metrics.clock", "time", not_negative,
          "interval of the P&L increments in path_sharpe and path_sortino; 0 is every step"),
      number<&Scenario::metrics, &MetricTerms::target>(
          "metrics.target", "price", any,
          "P&L per clock interval below which sortino and path_sortino count a loss"),
      number<&Scenario::metrics, &MetricTerms::annualization>(
          "metrics.annualization", "1", positive,
          "sharpe and sortino are multiplied by its root: horizons T per year"),
      choice<&Scenario::metrics, &MetricTerms::quantiles>(
          "metrics.quantiles", quantiles_names,
          "whether quantiles and expected shortfalls of pnl and max_drawdown are kept, at some 9 "
          "kB "
          "a point of the file; auto: up to 100,000 points"),
  };
}

std::vector<Parameter> make_parameters() {
  auto all = market_parameters();
  for (const auto& part : {strategy_parameters(), account_parameters()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
    }
  }
  return row.back();
}

}  // namespace

bool Range::contains(double value) const {
  return std::isfinite(value) && value <= high &&
         (low_is == Low::excluded ? value > low : value >= low);
}

std::string Range::text() const {
  if (low_is == Low::excluded) return fmt::format("> {:g} and at most {:g}", low, high);
  return fmt::format("from {:g} to {:g}", low, high);
}

std::span<const Parameter> parameters() {
  static const std::vector<Parameter> all = make_parameters();
  return all;
}

const Parameter& find_parameter(std::string_view name) {
  return find_parameter(parameters(), name);
}

const Parameter& find_parameter(std::span<const Parameter> among, std::string_view name) {
  std::vector<const Parameter*> found;
  std::vector<std::string_view> candidates;
  for (const auto& parameter : among) {
    if (parameter.name == name) return parameter;
    if (parameter.key() == name) found.push_back(&parameter);
    candidates.push_back(parameter.name);
    candidates.push_back(parameter.key());
  }
  if (found.size() == 1) return *found.front();
  if (found.empty()) {
    const auto hint = suggestion(name, candidates);
    throw Error("unknown parameter '{}'{}", name,
                hint.empty() ? "; `quotesweep describe` lists them all" : hint);
  }
  std::string names;
  for (const auto* parameter : found)
    names += fmt::format("{} {}", names.empty() ? "" : " or", parameter->name);
  throw Error("parameter '{}' is ambiguous; write{}", name, names);
}

std::string suggestion(std::string_view name, std::span<const std::string_view> candidates) {
  std::size_t best = name.size() / 3 + 2;
  std::string_view closest;
  for (const auto candidate : candidates) {
    const std::size_t distance = edit_distance(name, candidate);
    if (distance < best && distance < std::max(name.size(), candidate.size())) {
      best = distance;
      closest = candidate;
    }
  }
  return closest.empty() ? "" : fmt::format("; did you mean '{}'?", closest);
}

std::string value_problem(const Parameter& parameter, double value) {
  if (!parameter.range.contains(value)) return fmt::format("must be {}", parameter.range.text());
  if (parameter.kind == ParameterKind::integer && value != std::floor(value))
    return "must be a whole number";
  return "";
}

std::string value_text(const Parameter& parameter, double value) {
  if (parameter.kind == ParameterKind::flag) return value != 0.0 ? "true" : "false";
  if (parameter.kind == ParameterKind::choice)
    return std::string(parameter.choices[static_cast<std::size_t>(value)]);
  return fmt::format("{}", value);
}

}  // namespace quotesweep
