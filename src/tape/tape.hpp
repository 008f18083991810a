#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace quotesweep {

/// Bars of one symbol: prices at which it traded while the bar lasted, and how much [price, units].
struct Bars {
  std::string symbol;
  std::vector<double> open, high, low, close, volume;
};

/// Historical bars of several symbols on one clock.
struct Tape {
  std::vector<std::int64_t> time;  // when each bar opens [ns since 1970]
  std::vector<Bars> symbols;       // as many bars each as there are times
  double bar_seconds = 0.0;        // length of a bar [s]
  double bars_per_year = 0.0;      // by the tape's own clock

  std::size_t size() const { return time.size(); }
};

std::vector<std::string> symbol_names(const Tape& tape);

/// The bars of some symbols, each named once, in this order, from bar `first` to before bar `last`.
Tape part_of(Tape tape, const std::vector<std::string>& symbols, std::size_t first,
             std::size_t last);

/// Throws Error naming the symbol and the bar where a tape cannot be: no bars, times that do not
/// ascend, prices that are not positive, a high or low that does not hold the open and close, a
/// negative volume, a symbol that is there twice, or with another number of bars.
void check_tape(const Tape& tape);

/// The tape's content as a hash, which tells tapes apart wherever they lie.
std::string tape_hash(const Tape& tape);

}  // namespace quotesweep
