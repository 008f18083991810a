#include "signal/mackinnon.hpp"

#include <cmath>
#include <limits>

#include "base/elementary.hpp"

namespace quotesweep {
namespace {

/// Normal score of the p-value as a polynomial of the statistic: a quadratic up to `star`, a cubic
/// above it.
struct Surface {
  double lowest, star, highest;  // the p-value is 0 below `lowest` and 1 above `highest`
  double small_p[3];
  double large_p[4];
};

constexpr Surface surfaces[] = {{.lowest = -18.83,
                                 .star = -1.61,
                                 .highest = 2.74,
                                 .small_p = {2.1659, 1.4412, 0.038269},
                                 .large_p = {1.7339, 0.93202, -0.12745, -0.010368}},
                                {.lowest = -18.86,
                                 .star = -2.62,
                                 .highest = 0.92,
                                 .small_p = {2.92, 1.5012, 0.039796},
                                 .large_p = {2.1945, 0.64695, -0.29198, -0.042377}}};

double score(const Surface& surface, double t) {
  const auto& small = surface.small_p;
  const auto& large = surface.large_p;
  return t <= surface.star ? (small[2] * t + small[1]) * t + small[0]
                           : ((large[3] * t + large[2]) * t + large[1]) * t + large[0];
}

double normal_score(double p) {
  const double tail = p < 0.5 ? p : 1.0 - p;
  return elementary::normal_quantile(tail, 0.5 - tail, p < 0.5 ? -1.0 : 1.0);
}

}  // namespace

double mackinnon_p_value(double statistic, int variables) {
  const Surface& surface = surfaces[variables - 1];
  if (statistic > surface.highest) return 1.0;
  if (statistic < surface.lowest) return 0.0;
  return 0.5 * std::erfc(-score(surface, statistic) / std::sqrt(2.0));
}

double mackinnon_critical(double p, int variables) {
  if (p >= 1.0) return std::numeric_limits<double>::infinity();
  const Surface& surface = surfaces[variables - 1];
  // The quantile of tails below 2^-33 is not available; the p-value jumps to 1 before.
  const double wanted = p > 1.0 - 1e-9 ? 6.0 : normal_score(p);
  const bool is_small = wanted < score(surface, surface.star);
  double below = is_small ? surface.lowest : surface.star;
  double above = is_small ? surface.star : surface.highest;
  if (score(surface, above) <= wanted) return above;
  for (double middle = 0.5 * (below + above); below < middle && middle < above;
       middle = 0.5 * (below + above))
    (score(surface, middle) <= wanted ? below : above) = middle;
  return below;
}

}  // namespace quotesweep
