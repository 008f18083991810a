#include "signal/cointegration.hpp"

#include <cmath>
#include <limits>

namespace quotesweep {
namespace {

/// Lanes whose sums fit into the registers while a window passes by.
constexpr int group_size = 16;
static_assert(lane_count % group_size == 0);

struct alignas(64) GroupArray {
  double values[group_size];

  double& operator[](int lane) { return values[lane]; }
  const double& operator[](int lane) const { return values[lane]; }
};

/// A window's lanes from `first_lane` on. Prices count from those of the first row.
template <class Real>
struct Group {
  PairWindow<Real> window;
  int first_lane;
  GroupArray first_y, first_x;

  const Real* traded(std::int64_t row) const { return &window.traded[row][first_lane]; }
  const Real* partner(std::int64_t row) const { return &window.partner[row][first_lane]; }
};

/// Least squares: residual = (y - slope x) - offset, x and y counted from the first row.
struct Fit {
  GroupArray slope, offset;
  GroupArray square_x;         // sum of squares of x about its mean; 0 where x is at rest
  GroupArray mean_x, mean_y;   // as counted
  GroupArray residual_square;  // sum over the window
};

/// What passes by in a walk along the residuals. The columns of the Dickey-Fuller regression are
/// the differences 1 to `lags` steps back, the level one step back and the difference itself.
template <int lags>
struct Walk {
  GroupArray level;                         // latest residual
  GroupArray differences[lags + 1];         // latest first; the last is unused
  GroupArray square;                        // sum of squares of the residuals
  GroupArray products[lags + 2][lags + 2];  // sums of products of columns i <= j
};

/// Largest mean square that rounding to Real can feign in prices of this mean square.
template <class Real>
double rounding_square(double mean_square) {
  constexpr double unit = 4.0 * static_cast<double>(std::numeric_limits<Real>::epsilon());
  return unit * unit * mean_square;
}

template <class Real>
Group<Real> group_at(const PairWindow<Real>& window, int first_lane) {
  Group<Real> group{window, first_lane, {}, {}};
  for (int lane = 0; lane < group_size; ++lane) {
    group.first_y[lane] = static_cast<double>(group.traded(0)[lane]);
    group.first_x[lane] = static_cast<double>(group.partner(0)[lane]);
  }
  return group;
}

template <class Real>
Fit fit_lines(const Group<Real>& group) {
  const GroupArray first_y = group.first_y, first_x = group.first_x;
  GroupArray sum_x{}, sum_y{}, sum_xx{}, sum_xy{};
  for (std::int64_t row = 1; row < group.window.length; ++row) {
    const Real *traded = group.traded(row), *partner = group.partner(row);
#pragma omp simd
    for (int lane = 0; lane < group_size; ++lane) {
      const double y = static_cast<double>(traded[lane]) - first_y[lane];
      const double x = static_cast<double>(partner[lane]) - first_x[lane];
      sum_x[lane] += x;
      sum_y[lane] += y;
      sum_xx[lane] += x * x;
      sum_xy[lane] += x * y;
    }
  }
  Fit fit;
  const auto count = static_cast<double>(group.window.length);
#pragma omp simd
  for (int lane = 0; lane < group_size; ++lane) {
    const double mean_x = sum_x[lane] / count, mean_y = sum_y[lane] / count;
    const double square_x = sum_xx[lane] - sum_x[lane] * mean_x;
    const double level = first_x[lane] + mean_x;
    const bool moves = square_x > count * rounding_square<Real>(level * level);
    const double slope = moves ? (sum_xy[lane] - sum_x[lane] * mean_y) / square_x : 0.0;
    fit.slope[lane] = slope;
    fit.offset[lane] = mean_y - slope * mean_x;
    fit.square_x[lane] = moves ? square_x : 0.0;
    fit.mean_x[lane] = mean_x;
    fit.mean_y[lane] = mean_y;
  }
  return fit;
}

/// The first row's residual, before which nothing moved.
template <int lags>
Walk<lags> begin_walk(const Fit& fit) {
  Walk<lags> walk{};
  for (int lane = 0; lane < group_size; ++lane) {
    walk.level[lane] = -fit.offset[lane];
    walk.square[lane] = fit.offset[lane] * fit.offset[lane];
  }
  return walk;
}

/// Goes on along rows `from` to before `to`, and where `regress`, adds their products. The state is
/// a local copy, so that it stays in registers.
template <bool regress, int lags, class Real>
Walk<lags> walk_on(const Group<Real>& group, const Fit& fit, std::int64_t from, std::int64_t to,
                   const Walk<lags>& begun) {
  Walk<lags> walk = begun;
  const GroupArray first_y = group.first_y, first_x = group.first_x;
  const GroupArray slope = fit.slope, offset = fit.offset;
  for (std::int64_t row = from; row < to; ++row) {
    const Real *traded = group.traded(row), *partner = group.partner(row);
#pragma omp simd
    for (int lane = 0; lane < group_size; ++lane) {
      const double y = static_cast<double>(traded[lane]) - first_y[lane];
      const double x = static_cast<double>(partner[lane]) - first_x[lane];
      const double next = (y - slope[lane] * x) - offset[lane];
      double columns[lags + 2];
#pragma GCC unroll 8
      for (int j = 0; j < lags; ++j) columns[j] = walk.differences[j][lane];
      columns[lags] = walk.level[lane];
      columns[lags + 1] = next - walk.level[lane];
      if constexpr (regress) {
#pragma GCC unroll 8
        for (int i = 0; i < lags + 2; ++i)
#pragma GCC unroll 8
          for (int j = i; j < lags + 2; ++j) walk.products[i][j][lane] += columns[i] * columns[j];
      }
#pragma GCC unroll 8
      for (int j = lags; j > 0; --j) walk.differences[j][lane] = columns[j - 1];
      walk.differences[0][lane] = columns[lags + 1];
      walk.level[lane] = next;
      walk.square[lane] += next * next;
    }
  }
  return walk;
}

/// Eliminates the lagged differences from level and difference (Frisch and Waugh), one after the
/// other, as a Cholesky factorisation does. Gives 0 where a column depends on those before, else 1.
template <int lags>
GroupArray eliminate_lags(Walk<lags>& walk) {
  constexpr double smallest_pivot = 1e-12;  // of the column's own sum of squares
  auto& products = walk.products;
  GroupArray determined, own[lags + 1];
  for (int lane = 0; lane < group_size; ++lane) determined[lane] = 1.0;
  for (int k = 0; k <= lags; ++k) own[k] = products[k][k];
  for (int k = 0; k <= lags; ++k) {
#pragma omp simd
    for (int lane = 0; lane < group_size; ++lane)
      if (!(products[k][k][lane] > smallest_pivot * own[k][lane])) determined[lane] = 0.0;
    for (int i = k + 1; k < lags && i < lags + 2; ++i)
      for (int j = i; j < lags + 2; ++j)
#pragma omp simd
        for (int lane = 0; lane < group_size; ++lane)
          products[i][j][lane] -=
              products[k][i][lane] / products[k][k][lane] * products[k][j][lane];
  }
  return determined;
}

/// t statistic of the level in the regression of the difference on it, after the lags were
/// eliminated; infinite where the columns depend on one another.
template <int lags>
GroupArray statistics(Walk<lags>& walk, std::int64_t length) {
  constexpr double smallest_rest = 1e-14;  // of the sum of squares, where the fit is exact
  const auto freedom = static_cast<double>(length - (2 * lags + 2));
  const GroupArray determined = eliminate_lags(walk);
  const auto &levels = walk.products[lags][lags], &cross = walk.products[lags][lags + 1];
  const auto& differences = walk.products[lags + 1][lags + 1];
  GroupArray statistic;
#pragma omp simd
  for (int lane = 0; lane < group_size; ++lane) {
    const double whole = levels[lane] * differences[lane];
    const double rest = whole - cross[lane] * cross[lane];
    const double least = smallest_rest * whole;
    const double t = cross[lane] * std::sqrt(freedom / (rest > least ? rest : least));
    statistic[lane] = determined[lane] > 0.0 ? t : std::numeric_limits<double>::infinity();
  }
  return statistic;
}

/// 1 where both the partner and the residuals move by more than rounding, else 0.
template <class Real>
GroupArray moving(const Group<Real>& group, const Fit& fit, const GroupArray& square) {
  const auto count = static_cast<double>(group.window.length);
  GroupArray moves;
#pragma omp simd
  for (int lane = 0; lane < group_size; ++lane) {
    const double slope = fit.slope[lane];
    const double level_y = group.first_y[lane] + fit.mean_y[lane];
    const double level_x = slope * (group.first_x[lane] + fit.mean_x[lane]);
    const double moved = slope * slope * fit.square_x[lane] + square[lane];
    const double mean_square = level_y * level_y + level_x * level_x + moved / count;
    const bool residual_moves = square[lane] > count * rounding_square<Real>(mean_square);
    moves[lane] = fit.square_x[lane] > 0.0 && residual_moves ? 1.0 : 0.0;
  }
  return moves;
}

template <int lags, class Real>
void estimate_group(const Group<Real>& group, Cointegration& result) {
  const std::int64_t length = group.window.length;
  const Fit fit = fit_lines(group);
  auto walk = walk_on<false>(group, fit, 1, lags + 1, begin_walk<lags>(fit));
  walk = walk_on<true>(group, fit, lags + 1, length, walk);
  const GroupArray moves = moving(group, fit, walk.square), statistic = statistics(walk, length);
#pragma omp simd
  for (int i = 0; i < group_size; ++i) {
    const double intercept = group.first_y[i] - fit.slope[i] * group.first_x[i] + fit.offset[i];
    const double sd = std::sqrt(walk.square[i] / static_cast<double>(length));
    const int lane = group.first_lane + i;
    result.intercept[lane] = moves[i] > 0.0 ? intercept : 0.0;
    result.hedge_ratio[lane] = moves[i] > 0.0 ? fit.slope[i] : 0.0;
    result.sd[lane] = moves[i] > 0.0 ? sd : 0.0;
    result.statistic[lane] =
        moves[i] > 0.0 ? statistic[i] : std::numeric_limits<double>::infinity();
  }
}

template <int lags, class Real>
void estimate(const PairWindow<Real>& window, Cointegration& result) {
  for (int lane = 0; lane < window.lanes; lane += group_size)
    estimate_group<lags>(group_at(window, lane), result);
}

}  // namespace

template <class Real>
void estimate_cointegration(const PairWindow<Real>& window, int lags, Cointegration& result) {
  static_assert(most_lags == 4);
  switch (lags) {
    case 0:
      return estimate<0>(window, result);
    case 1:
      return estimate<1>(window, result);
    case 2:
      return estimate<2>(window, result);
    case 3:
      return estimate<3>(window, result);
    default:
      return estimate<4>(window, result);
  }
}

template void estimate_cointegration<float>(const PairWindow<float>&, int, Cointegration&);
template void estimate_cointegration<double>(const PairWindow<double>&, int, Cointegration&);

}  // namespace quotesweep
