#pragma once

#include <limits>
#include <type_traits>
#include <vector>

#include "experiment/parameter.hpp"

namespace quotesweep {

/// Rows of the table of parameters, by section.
std::vector<Parameter> market_parameters();  // market and fills
std::vector<Parameter> signal_parameters();
std::vector<Parameter> strategy_parameters();
std::vector<Parameter> risk_parameters();    // risk, account and metrics
std::vector<Parameter> replay_parameters();  // what only a replay of a tape has

// How a row is made ------------------------------------------------------------------------------

namespace rows {

inline constexpr Range any{-1e15, 1e15};
inline constexpr Range positive{0.0, 1e15, Range::Low::excluded};
inline constexpr Range not_negative{0.0, 1e15};
inline constexpr Range share{0.0, 1.0};
inline constexpr Range positive_or_endless{0.0, std::numeric_limits<double>::infinity(),
                                           Range::Low::excluded};

/// A member of a member of Scenario, and deeper.
template <auto First, auto... Rest>
struct Path {
  template <class Object>
  static auto& in(Object& object) {
    if constexpr (sizeof...(Rest) == 0)
      return object.*First;
    else
      return Path<Rest...>::in(object.*First);
  }
};

template <auto... Members>
double get(const Scenario& scenario) {
  return static_cast<double>(Path<Members...>::in(scenario));
}

template <auto... Members>
void set(Scenario& scenario, double value) {
  auto& member = Path<Members...>::in(scenario);
  member = static_cast<std::remove_reference_t<decltype(member)>>(value);
}

inline bool always(const Scenario&) {
  return true;
}

template <auto... Members>
Parameter number(std::string_view name, std::string_view unit, const Range& range,
                 std::string_view meaning) {
  return {
      name, ParameterKind::real, unit, range, meaning, {}, get<Members...>, set<Members...>, always,
      ""};
}

template <auto... Members>
Parameter integer(std::string_view name, std::string_view unit, const Range& range,
                  std::string_view meaning) {
  auto row = number<Members...>(name, unit, range, meaning);
  row.kind = ParameterKind::integer;
  return row;
}

template <auto... Members>
Parameter choice(std::string_view name, std::span<const std::string_view> choices,
                 std::string_view meaning) {
  const Range range{0.0, static_cast<double>(choices.size() - 1)};
  return {name,
          ParameterKind::choice,
          "",
          range,
          meaning,
          choices,
          get<Members...>,
          set<Members...>,
          always,
          ""};
}

template <auto... Members>
Parameter flag(std::string_view name, std::string_view meaning) {
  auto row = choice<Members...>(name, {}, meaning);
  row.kind = ParameterKind::flag;
  row.range = share;
  return row;
}

/// A row that does something only in some scenarios.
inline Parameter where(Parameter row, bool (*applies)(const Scenario&), std::string_view text) {
  row.applies_if = applies;
  row.applies_text = text;
  return row;
}

/// A row that replays only look at by some strategies.
inline bool needs_arrivals(const Scenario& s) {
  return !is_replay(s) || s.strategy.name == StrategyName::glft;
}
inline bool quotes_distances(const Scenario& s) {
  return !is_replay(s) || !is_ladder(s.strategy.name);
}
inline constexpr auto distances_text =
    "market.model: brownian or cointegrated, or a replay by strategy.name: avellaneda_stoikov, "
    "symmetric or glft";

/// A row for simulated paths and for replays.
inline Parameter both(Parameter row) {
  row.engines = Engines::both;
  return row;
}

/// A row that all points have in common.
inline Parameter one_for_all(Parameter row) {
  row.one_for_all = true;
  return row;
}

}  // namespace rows

}  // namespace quotesweep
