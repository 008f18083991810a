#pragma once

#include "sim/point_input.hpp"

namespace quotesweep {

struct ExactMoment {
  double mean = 0.0;
  double variance = 0.0;
};

/// Moments over paths without sampling error. Names and units are those of the path metrics.
struct ExactMoments {
  ExactMoment pnl;
  ExactMoment turnover;
  ExactMoment trades;
  ExactMoment mean_abs_inventory;
  ExactMoment terminal_inventory;
};

/// Exact moments of a point by backward recursion over inventory: cost O(n q_max).
///
/// They follow because quotes depend on time and inventory alone, so that inventory is a Markov
/// chain of its own, independent of the moves xi of a Brownian mid. Every quantity above is
/// X = C + sum over steps i of xi_i K_i, with C and K_i decided by the chain, so that
/// E X = E C and Var X = Var C + sum E K_i^2. For the P&L K_i = sigma sqrt(dt) (q_{i+1} - f N_i),
/// f the maker fee and N_i the number of fills after step i, whose value the move changes.
///
/// Throws Error where the horizon is so long and the limit so wide that it would take minutes.
ExactMoments exact_moments(const PointInput& point);

}  // namespace quotesweep
