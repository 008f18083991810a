#include "experiment/point_warnings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "strategy/avellaneda_stoikov.hpp"

namespace quotesweep {
namespace {

constexpr double most_fee = 0.01;      // of a trade's value
constexpr double most_clamped = 0.01;  // share of quotes
constexpr double most_notional = 5.0;  // over the capital
constexpr double most_sharpe = 100.0;  // annualised
constexpr double widest = 0.1;         // half spread over the price
constexpr std::uint64_t most_planned = 10'000;

template <class Holds>
bool any_of(const WarnedPoint& point, Holds holds) {
  return std::ranges::any_of(point.scenarios, holds);
}

bool has_large_fee(const WarnedPoint& point) {
  return any_of(point, [](const Scenario& s) {
    return std::abs(s.account.fee_of_fill()) > most_fee ||
           std::abs(s.account.taker_fee_bps) > 1e4 * most_fee;
  });
}

/// A limit that lets simulated positions grow far beyond the capital; replays have margins.
bool has_large_notional(const WarnedPoint& point) {
  const Scenario& s = point.scenarios[0];
  return !point.study.tape && std::isfinite(s.risk.q_max) && s.risk.leverage == 0.0 &&
         s.risk.q_max * s.market.initial_price > most_notional * s.account.capital;
}

/// Quotes that reckon with all the time that is left of a tape.
bool has_coarse_time(const WarnedPoint& point) {
  if (!point.study.tape) return false;
  const auto& tape = *point.study.tape;
  for (std::size_t i = 0; i < point.scenarios.size(); ++i) {
    const Scenario& s = point.scenarios[i];
    const double all = s.market.dt * static_cast<double>(tape.size() - 1);
    const double time = s.strategy.horizon > 0.0 ? s.strategy.horizon : all;
    const double open = tape.symbols[i].open[0];
    if (s.strategy.name == StrategyName::avellaneda_stoikov ||
        s.strategy.name == StrategyName::symmetric) {
      const auto spread = optimal_spread(s.strategy.gamma * s.strategy.quantity, s.market, s.fills);
      if (0.5 * spread.variance_aversion * time + spread.arrival_term > widest * open) return true;
    } else if (s.strategy.name == StrategyName::vanilla) {
      const double variance = s.market.sigma * s.market.sigma * all;
      if (0.5 * s.ladder.gamma_spread * variance > widest) return true;
    }
  }
  return false;
}

bool is_clamped(const WarnedPoint& point, const ResultOf& result) {
  if (point.study.tape) return false;
  const double steps = static_cast<double>(step_count(point.scenarios[0].market));
  const double paths = static_cast<double>(point.study.blocks() * point.study.block);
  return result("clamped_fills") > most_clamped * 2.0 * steps * paths;
}

bool has_negative_prices(const WarnedPoint&, const ResultOf& result) {
  return result("negative_prices") > 0.0;
}

bool has_high_sharpe(const WarnedPoint&, const ResultOf& result) {
  return std::abs(result("sharpe")) > most_sharpe;
}

bool is_liquidated(const WarnedPoint&, const ResultOf& result) {
  return result("liquidated") > 0.0;
}

constexpr PointWarning warnings[] = {
    {"large_fee",
     "a fee or rebate of more than 1 % of a trade's value; account.maker_fee is a fraction, "
     "maker_fee_bps and taker_fee_bps are 1e-4 of the value",
     has_large_fee, nullptr},
    {"notional_above_capital",
     "risk.q_max x market.initial_price is more than 5 times account.capital, which limits "
     "nothing; "
     "look at risk.q_max, strategy.quantity and the unit of the asset, or set risk.leverage",
     has_large_notional, nullptr},
    {"coarse_time_unit",
     "quoted half spreads are more than a tenth of the price at the tape's begin; look at the time "
     "unit of market.sigma and market.dt, and set strategy.horizon",
     has_coarse_time, nullptr},
    {"clamped_fills",
     "of more than 1 % of all quotes A exp(-k d) dt is above 1 and was cut; take a smaller "
     "market.dt",
     nullptr, is_clamped},
    {"negative_prices",
     "the mid or the partner's price was below zero, where fees of a value are income; take a "
     "higher "
     "price, or a smaller sigma or T",
     nullptr, has_negative_prices},
    {"sharpe_too_high",
     "a Sharpe ratio of more than 100 is of the model, not of a market: fills without adverse "
     "selection; look at fees, quantity and metrics.annualization",
     nullptr, has_high_sharpe},
    {"liquidated",
     "the margin was used up; the Sharpe ratio is over the loss and what follows it, and shortfall "
     "what the account cannot pay",
     nullptr, is_liquidated},
};

WarnedPoint point_of(const Study& study, std::uint64_t point) {
  if (study.tape) return {study, replay_point(study, point).symbols};
  return {study, {point_scenario(study, point)}};
}

double flag(std::size_t place) {
  return static_cast<double>(std::uint64_t{1} << place);
}

bool is_raised(double flags, std::size_t place) {
  return (static_cast<std::uint64_t>(flags) >> place & 1) != 0;
}

bool is_choice(const std::string& parameter) {
  return parameter.starts_with("strategy.") || parameter.starts_with("risk.") ||
         parameter.starts_with("orders.") || parameter.starts_with("signal.");
}

}  // namespace

std::span<const PointWarning> point_warnings() {
  return warnings;
}

double planned_flags(const Study& study, std::uint64_t point) {
  const auto warned = point_of(study, point);
  double flags = 0.0;
  for (std::size_t i = 0; i < std::size(warnings); ++i)
    if (warnings[i].planned != nullptr && warnings[i].planned(warned)) flags += flag(i);
  return flags;
}

double found_flags(const Study& study, std::uint64_t point, const ResultOf& result) {
  const auto warned = point_of(study, point);
  double flags = 0.0;
  for (std::size_t i = 0; i < std::size(warnings); ++i)
    if ((warnings[i].planned != nullptr && warnings[i].planned(warned)) ||
        (warnings[i].found != nullptr && warnings[i].found(warned, result)))
      flags += flag(i);
  return flags;
}

std::vector<std::string> warning_lines(std::span<const double> flags) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < std::size(warnings); ++i) {
    const auto count =
        std::ranges::count_if(flags, [&](double one) { return one > 0.0 && is_raised(one, i); });
    if (count > 0)
      lines.push_back(fmt::format("{}: at {} of {} point{}: {}", warnings[i].name, count,
                                  flags.size(), flags.size() == 1 ? "" : "s", warnings[i].text));
  }
  return lines;
}

std::vector<std::string> planned_warnings(const Study& study) {
  std::vector<double> flags;
  for (std::uint64_t point = 0; point < std::min(study.design.size(), most_planned); ++point)
    flags.push_back(planned_flags(study, point));
  return warning_lines(flags);
}

std::string flag_meanings() {
  std::string text;
  for (std::size_t i = 0; i < std::size(warnings); ++i)
    text += fmt::format("{}{:g} {}", i == 0 ? "" : ", ", flag(i), warnings[i].name);
  return text;
}

std::string edge_warning(std::span<const WarnedAxis> axes, std::span<const double> sharpe) {
  std::size_t best = sharpe.size();
  for (std::size_t i = 0; i < sharpe.size(); ++i)
    if (!std::isnan(sharpe[i]) && (best == sharpe.size() || sharpe[i] > sharpe[best])) best = i;
  if (best == sharpe.size()) return "";
  std::string names;
  for (const auto& axis : axes) {
    const std::set<double> values(axis.values.begin(), axis.values.end());
    if (!is_choice(axis.parameter) || values.size() < 3) continue;
    const double at = axis.values[best];
    if (at == *values.begin() || at == *values.rbegin())
      names += fmt::format("{}{} = {:g}", names.empty() ? "" : ", ", axis.parameter, at);
  }
  if (names.empty()) return "";
  return fmt::format(
      "best_on_edge: the best Sharpe ratio is at the end of its axis ({}); the best may lie "
      "beyond: "
      "widen the axis",
      names);
}

}  // namespace quotesweep
