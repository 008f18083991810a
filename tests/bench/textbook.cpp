/// The comparison for the benchmark: the same model and metrics as sweeps of quotesweep, written
/// the way a textbook or a careful first version would be. Scalar, double precision,
/// std::mt19937_64 and the C library's functions, one path after the other. Prints point-path-steps
/// per second.
///
///   bench_textbook [paths per point] [poisson|bernoulli]

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

namespace {

constexpr double initial_price = 100.0, sigma = 2.0, horizon = 1.0, dt = 0.005, capital = 1000.0;
constexpr int steps = 200;

struct Point {
  double gamma, k, arrivals;
  int q_max;
};

struct PathResult {
  double pnl, max_drawdown, max_drawdown_pct, turnover, trades, sharpe, sortino, abs_inventory;
};

PathResult simulate(const Point& p, bool poisson, std::mt19937_64& random) {
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  double mid = initial_price, cash = 0.0, equity = capital, peak = capital;
  double worst = 0.0, worst_pct = 0.0, squares = 0.0, downside = 0.0, value = 0.0, held = 0.0;
  int inventory = 0, trades = 0;
  for (int i = 0; i < steps; ++i) {
    const double skew = p.gamma * sigma * sigma * (horizon - i * dt);
    const double half_spread = skew / 2.0 + std::log(1.0 + p.gamma / p.k) / p.gamma;
    const double bid = half_spread + inventory * skew, ask = half_spread - inventory * skew;
    const double bid_rate = p.arrivals * std::exp(-p.k * bid) * dt;
    const double ask_rate = p.arrivals * std::exp(-p.k * ask) * dt;
    const bool buys =
        uniform(random) < (poisson ? 1.0 - std::exp(-bid_rate) : bid_rate) && inventory < p.q_max;
    const bool sells =
        uniform(random) < (poisson ? 1.0 - std::exp(-ask_rate) : ask_rate) && inventory > -p.q_max;
    if (buys) cash -= mid - bid, value += mid - bid, ++inventory, ++trades;
    if (sells) cash += mid + ask, value += mid + ask, --inventory, ++trades;
    mid += sigma * std::sqrt(dt) * normal(random);
    const double next = capital + cash + inventory * mid, change = next - equity;
    equity = next;
    peak = std::max(peak, equity);
    worst = std::max(worst, peak - equity);
    worst_pct = std::max(worst_pct, (peak - equity) / peak);
    squares += change * change;
    downside += std::min(change, 0.0) * std::min(change, 0.0);
    held += std::abs(inventory);
  }
  const double mean = (equity - capital) / steps;
  return {equity - capital,
          worst,
          worst_pct,
          value / capital,
          static_cast<double>(trades),
          mean / std::sqrt((squares - steps * mean * mean) / (steps - 1)),
          mean / std::sqrt(downside / steps),
          held / steps};
}

}  // namespace

int main(int argc, char** argv) {
  const int paths = argc > 1 ? std::atoi(argv[1]) : 1000;
  const bool poisson = argc > 2 && std::string(argv[2]) == "poisson";
  std::mt19937_64 random(1);
  const auto start = std::chrono::steady_clock::now();
  double pnl = 0.0, rest = 0.0, points = 0.0;
  for (const double gamma : {0.05, 0.1, 0.5, 1.0})
    for (const double k : {1.0, 1.25, 1.5, 2.0})
      for (const double arrivals : {100.0, 140.0})
        for (const int q_max : {5, 10}) {
          for (int path = 0; path < paths; ++path) {
            const auto r = simulate({gamma, k, arrivals, q_max}, poisson, random);
            pnl += r.pnl;
            rest += r.max_drawdown + r.max_drawdown_pct + r.turnover + r.trades + r.sharpe +
                    r.sortino + r.abs_inventory;
          }
          ++points;
        }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("%.1f M point-path-steps/s (mean pnl %.3f, checksum %.6g)\n",
              points * paths * steps / seconds / 1e6, pnl / (points * paths), rest);
}
