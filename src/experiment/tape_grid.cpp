#include "experiment/tape_grid.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "experiment/parameter.hpp"
#include "tape/tick_grid.hpp"

namespace quotesweep {
namespace {

constexpr std::string_view tick_name = "market.tick";

/// All ticks that a symbol has at some point; without those of continuous prices.
std::set<double> ticks_of(const Study& study, const std::string& symbol) {
  std::set<double> ticks{study.scenario.book.tick};
  for (const auto& setting : study.symbol_settings)
    if (setting.symbol == symbol && setting.parameter == tick_name) ticks = {setting.value};
  const auto axis = std::ranges::find(study.design.axes, tick_name, &Axis::parameter);
  if (axis != study.design.axes.end()) ticks = {axis->values.begin(), axis->values.end()};
  ticks.erase(0.0);
  return ticks;
}

/// Whether a bar has a price that rounding has moved.
bool differ(const Bars& a, const Bars& b) {
  return a.open != b.open || a.high != b.high || a.low != b.low || a.close != b.close;
}

}  // namespace

void put_on_grid(Study& study) {
  if (study.scenario.ladder.origin_conventions) return;
  Tape tape = *study.tape;
  bool moved = false;
  for (auto& bars : tape.symbols) {
    const auto ticks = ticks_of(study, bars.symbol);
    if (study.off_grid == OffGrid::round && ticks.size() > 1)
      throw Error(
          "market.tick: is swept, so that there is no one tick to round prices to; remove "
          "off_grid, "
          "or sweep it in studies of their own");
    if (study.off_grid == OffGrid::round && !ticks.empty()) {
      Bars rounded = rounded_to_grid(bars, TickGrid(*ticks.begin()));
      moved = moved || differ(bars, rounded);
      bars = std::move(rounded);
    }
    for (const double tick : ticks) check_on_grid(bars, tape, TickGrid(tick));
  }
  if (!moved) return;
  study.tape_hash = tape_hash(tape);
  study.tape = std::make_shared<const Tape>(std::move(tape));
}

}  // namespace quotesweep
