#include "tape/tape.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/hash.hpp"

namespace quotesweep {
namespace {

void check_bar(const Bars& bars, std::size_t i) {
  const double open = bars.open[i], high = bars.high[i], low = bars.low[i], close = bars.close[i];
  for (const double price : {open, high, low, close})
    if (!(std::isfinite(price) && price > 0.0))
      throw Error("{}: bar {}: price {} (must be > 0)", bars.symbol, i, price);
  if (high < std::max(open, close) || low > std::min(open, close))
    throw Error("{}: bar {}: open {}, high {}, low {}, close {}: high and low must hold the others",
                bars.symbol, i, open, high, low, close);
  if (!(std::isfinite(bars.volume[i]) && bars.volume[i] >= 0.0))
    throw Error("{}: bar {}: volume {} (must be >= 0)", bars.symbol, i, bars.volume[i]);
}

}  // namespace

std::vector<std::string> symbol_names(const Tape& tape) {
  std::vector<std::string> names;
  for (const auto& bars : tape.symbols) names.push_back(bars.symbol);
  return names;
}

Tape part_of(Tape tape, const std::vector<std::string>& symbols, std::size_t first,
             std::size_t last) {
  const auto cut = [&](auto& series) {
    series.resize(last);
    series.erase(series.begin(), series.begin() + static_cast<std::ptrdiff_t>(first));
    return std::move(series);
  };
  Tape part{.bar_seconds = tape.bar_seconds, .bars_per_year = tape.bars_per_year};
  for (const auto& symbol : symbols) {
    const auto bars = std::ranges::find(tape.symbols, symbol, &Bars::symbol);
    if (bars == tape.symbols.end())
      throw Error("has no symbol '{}'; it has: {}", symbol, fmt::join(symbol_names(tape), ", "));
    part.symbols.push_back({symbol, cut(bars->open), cut(bars->high), cut(bars->low),
                            cut(bars->close), cut(bars->volume)});
  }
  part.time = cut(tape.time);
  return part;
}

void check_tape(const Tape& tape) {
  if (tape.time.empty() || tape.symbols.empty()) throw Error("has no bars");
  if (!(tape.bar_seconds > 0.0 && tape.bars_per_year > 0.0))
    throw Error("bar_seconds = {} and annualization = {} (must be > 0)", tape.bar_seconds,
                tape.bars_per_year);
  for (std::size_t i = 1; i < tape.size(); ++i)
    if (tape.time[i] <= tape.time[i - 1])
      throw Error("bar {}: its time is not after that of bar {}", i, i - 1);
  const auto names = symbol_names(tape);
  for (auto name = names.begin(); name != names.end(); ++name)
    if (std::find(names.begin(), name, *name) != name)
      throw Error("has the symbol {} twice", *name);
  for (const auto& bars : tape.symbols) {
    for (const auto* series : {&bars.open, &bars.high, &bars.low, &bars.close, &bars.volume})
      if (series->size() != tape.size())
        throw Error("{}: has {} bars, must be {}", bars.symbol, series->size(), tape.size());
    for (std::size_t i = 0; i < tape.size(); ++i) check_bar(bars, i);
  }
}

std::string tape_hash(const Tape& tape) {
  Sha256 hash;
  hash.add(std::as_bytes(std::span(tape.time)));
  for (const auto& bars : tape.symbols) {
    hash.add(bars.symbol);
    for (const auto* series : {&bars.open, &bars.high, &bars.low, &bars.close, &bars.volume})
      hash.add(std::as_bytes(std::span(*series)));
  }
  const double clock[] = {tape.bar_seconds, tape.bars_per_year};
  hash.add(std::as_bytes(std::span(clock)));
  return to_hex(hash.finish());
}

}  // namespace quotesweep
