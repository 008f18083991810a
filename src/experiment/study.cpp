#include "experiment/study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "experiment/parameter.hpp"
#include "experiment/tape_grid.hpp"

namespace quotesweep {
namespace {

/// What a strategy cannot do with simulated paths.
void check_paths(const Scenario& scenario) {
  if (is_replay(scenario)) throw Error("market.model = replay (needs a tape: add the key 'tape')");
  if (is_ladder(scenario.strategy.name))
    throw Error(
        "strategy.name = {} (quotes around the open of a bar and needs a tape: add 'tape')",
        value_text(find_parameter("strategy.name"), static_cast<double>(scenario.strategy.name)));
  check_scenario(scenario);
}

/// What does not only hold at all points or none.
void check_limits(const Study& study, std::uint64_t point) {
  if (study.tape)
    check_limits(replay_point(study, point));
  else
    check_limits(point_scenario(study, point));
}

void check_point(const Study& study, std::uint64_t point) {
  if (study.tape)
    check_replay(*study.tape, replay_point(study, point));
  else
    check_paths(point_scenario(study, point));
}

bool sweeps_any_of(const Study& study, std::initializer_list<std::string_view> names) {
  return std::ranges::any_of(study.design.axes, [&](const Axis& axis) {
    return std::ranges::find(names, axis.parameter) != names.end();
  });
}

/// The smallest and the largest value of a parameter over all points.
std::pair<double, double> ends_of(const Study& study, std::string_view name) {
  const auto axis = std::ranges::find(study.design.axes, name, &Axis::parameter);
  if (axis != study.design.axes.end()) {
    const auto [low, high] = std::ranges::minmax(axis->values);
    return {low, high};
  }
  const double value = find_parameter(name).get(study.scenario);
  return {value, value};
}

/// A bound on the fills of a path with quotes at or beyond the mid, at any point.
double most_fills(const Study& study) {
  const double horizon = ends_of(study, "market.T").second;
  const double steps = horizon / ends_of(study, "market.dt").first;
  return 2.0 * std::min(steps, ends_of(study, "fills.A").second * horizon);
}

/// The initial price in ticks, at most.
double most_ticks(const Study& study) {
  const double tick = ends_of(study, "market.tick").first;
  return tick > 0.0 ? ends_of(study, "market.initial_price").second / tick : 0.0;
}

/// Whether something that each parameter decides on its own holds at any point.
bool any_point(const Study& study, bool (*holds)(const Scenario&)) {
  if (holds(point_scenario(study, 0))) return true;
  for (const auto& axis : study.design.axes)
    for (const double value : axis.values) {
      Scenario scenario = point_scenario(study, 0);
      find_parameter(axis.parameter).set(scenario, value);
      if (holds(scenario)) return true;
    }
  return false;
}

}  // namespace

std::vector<std::string> value_texts(const Axis& axis) {
  const auto& parameter = find_parameter(axis.parameter);
  std::vector<std::string> texts;
  for (const double value : axis.values) texts.push_back(value_text(parameter, value));
  return texts;
}

std::string point_text(const Study& study, std::uint64_t point) {
  const auto values = study.design.point(point);
  std::string text;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto& name = study.design.axes[i].parameter;
    text += fmt::format("{}{} = {}", i == 0 ? "" : ", ", name,
                        value_text(find_parameter(name), values[i]));
  }
  return text;
}

void settle(Study& study) {
  if (study.tape) {
    put_on_grid(study);
    study.paths = study.block = 1;
    study.choose_precision = false;
    study.precision = Precision::double_;
    if (auto& windows = study.scenario.windows_of_replay; windows == 0.0) {
      const auto clock = replay_clock(*study.tape, clock_bars(study.scenario));
      windows = std::min(16.0, std::floor(0.5 * static_cast<double>(clock.ends.size())));
    }
    return;
  }
  auto& quantiles = study.scenario.metrics.quantiles;
  if (quantiles == Quantiles::automatic)
    quantiles =
        study.design.size() <= most_points_with_quantiles ? Quantiles::always : Quantiles::never;
  auto& detail = study.scenario.metrics.detail;
  if (detail == Detail::automatic)
    detail = any_point(study, needs_desk) ? Detail::full : Detail::basic;
  if (study.choose_precision)
    study.precision =
        most_fills(study) > most_fills_in_single || most_ticks(study) > most_ticks_in_single
            ? Precision::double_
            : Precision::single_;
  study.choose_precision = false;
}

Study shard_of(Study study, const Shard& shard) {
  if (shard.count == 1) return study;
  if (shard.index >= std::min(shard.count, study.design.size()))
    throw Error("--shard {}/{}: has no points: the study has {}, dealt to shards 0 to {}",
                shard.index, shard.count, study.design.size(),
                std::min(shard.count, study.design.size()) - 1);
  study.design = every_nth(study.design, shard.index, shard.count);
  study.shard = shard;
  return study;
}

std::string resolved_text(const Study& study) {
  std::string text;
  for (const auto& parameter : parameters())
    if (parameter.serves(study.scenario))
      text += fmt::format("{} = {}\n", parameter.name,
                          value_text(parameter, parameter.get(study.scenario)));
  if (study.tape) text += fmt::format("tape = {}\n", study.tape_hash);
  for (const auto& [symbol, name, value] : study.symbol_settings)
    text +=
        fmt::format("symbols.{}.{} = {}\n", symbol, name, value_text(find_parameter(name), value));
  text += fmt::format("design = {}\n", study.design.kind == DesignKind::grid ? "grid" : "list");
  for (const auto& axis : study.design.axes)
    text += fmt::format("sweep.{} = [{}]\n", axis.parameter, fmt::join(value_texts(axis), ", "));
  text += fmt::format(
      "paths = {}\nblock = {}\nseed = {}\ncommon_random_numbers = {}\nprecision = {}\n",
      study.blocks() * study.block, study.block, study.seed, study.common_random_numbers,
      study.precision == Precision::single_ ? "single" : "double");
  return text;
}

std::string study_hash(const Study& study) {
  Sha256 hash;
  hash.add(resolved_text(study));
  return to_hex(hash.finish());
}

Scenario point_scenario(const Study& study, std::uint64_t point) {
  Scenario scenario = study.scenario;
  const auto values = study.design.point(point);
  for (std::size_t i = 0; i < values.size(); ++i)
    find_parameter(study.design.axes[i].parameter).set(scenario, values[i]);
  return scenario;
}

std::uint64_t draw_key(const Study& study, std::uint64_t point) {
  if (study.common_random_numbers) return study.seed;
  std::string bytes = fmt::format("{}", study.seed);
  const auto values = study.design.point(point);
  for (std::size_t i = 0; i < values.size(); ++i) {
    bytes += '\n' + study.design.axes[i].parameter + ' ';
    bytes.append(reinterpret_cast<const char*>(&values[i]), sizeof(double));
  }
  return hash_64(std::as_bytes(std::span(bytes)));
}

PointInput point_input(const Study& study, std::uint64_t point) {
  return {point_scenario(study, point), draw_key(study, point)};
}

ReplayPoint replay_point(const Study& study, std::uint64_t point) {
  const Scenario common = point_scenario(study, point);
  ReplayPoint all{.symbols = std::vector(study.tape->symbols.size(), common), .seed = study.seed};
  for (const auto& [symbol, parameter, value] : study.symbol_settings)
    for (std::size_t i = 0; i < all.symbols.size(); ++i)
      if (study.tape->symbols[i].symbol == symbol)
        find_parameter(parameter).set(all.symbols[i], value);
  return all;
}

Work count_work(const Study& study) {
  if (study.tape) {
    const auto bars = study.tape->size() * study.tape->symbols.size();
    return {.steps = static_cast<double>(bars) * static_cast<double>(study.design.size()),
            .longest_path = static_cast<std::int64_t>(bars),
            .per_point = bars,
            .words = {.each = "bars", .step = "bars", .unit = "point-bars"}};
  }
  Work work{.per_point = study.blocks() * study.block};
  for (std::uint64_t point = 0; point < study.design.size(); ++point) {
    const auto steps = step_count(point_scenario(study, point).market);
    work.steps += static_cast<double>(steps);
    work.longest_path = std::max(work.longest_path, steps);
  }
  work.steps *= static_cast<double>(work.per_point);
  return work;
}

void check_points(const Study& study) {
  if (study.tape)
    replay_windows(replay_clock(*study.tape, clock_bars(study.scenario)),
                   static_cast<std::size_t>(study.scenario.windows_of_replay));
  // Points of a replay are told apart by nothing but these.
  const bool replayed_alike =
      study.tape && !sweeps_any_of(study, {"strategy.name", "strategy.form", "signal.warm_up"}) &&
      study.scenario.strategy.name != StrategyName::glft && study.symbol_settings.empty();
  const bool alike =
      replayed_alike ||
      (!study.tape && study.scenario.strategy.name != StrategyName::glft &&
       !sweeps_any_of(study, {"strategy.name", "strategy.form"}) &&
       !sweeps_any_of(
           study, {"market.T", "market.dt", "metrics.clock", "signal.lookback", "signal.interval",
                   "signal.adf_lags", "signal.adf_pval_max", "signal.enter", "signal.exit",
                   "signal.max_bias", "strategy.pair_bias", "strategy.pair_quantity"}));
  const bool limited_alike = !sweeps_any_of(
      study, {"risk.q_max", "risk.max_leverage", "strategy.quantity", "strategy.size_inventory"});
  if (alike) check_point(study, 0);
  if (alike && limited_alike) return;
  for (std::uint64_t point = 0; point < study.design.size(); ++point) {
    try {
      alike ? check_limits(study, point) : check_point(study, point);
    } catch (const Error& error) {
      if (study.design.axes.empty()) throw;
      throw Error("point {} ({}): {}", point, point_text(study, point), error.what());
    }
  }
}

}  // namespace quotesweep
