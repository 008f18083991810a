#pragma once

namespace quotesweep {

/// Limits of a replay that look at the margin: wallet + unrealised P&L. Each of n symbols has an
/// equal share of it, and of the leverage.
struct MarginTerms {
  double max_leverage = 1.0;        // |position| x price / margin share that quotes reckon with
  double aggressivity = 0.33;       // share of the largest position that orders of a bar may add
  double emergency_leverage = 2.0;  // at which everything is closed; 0 is never
  double early_stop = 0.1;          // share of the first margin at which a replay ends; 0 is none

  bool operator==(const MarginTerms&) const = default;
};

}  // namespace quotesweep
