#include "sim/path_trace.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "base/philox.hpp"
#include "sim/point_runner.hpp"

namespace quotesweep {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// Writes down what lane 0 does.
template <class Real>
class LaneRecorder final : public PathMetric<Real> {
 public:
  explicit LaneRecorder(std::vector<TraceStep>& steps) : steps_(steps) {}

  void begin(const Lanes<Real>&) override {}
  void observe(const Quotes<Real>& quotes, const Lanes<Real>& lanes) override {
    steps_.push_back({.bid = distance(quotes.bid_distance[0]),
                      .ask = distance(quotes.ask_distance[0]),
                      .bought = static_cast<double>(lanes.bid_filled[0]),
                      .sold = static_cast<double>(lanes.ask_filled[0]),
                      .inventory = static_cast<double>(lanes.inventory[0]),
                      .equity = lanes.ledger[0] + static_cast<double>(lanes.equity[0])});
  }
  void settle(const Lanes<Real>&) override {}
  void finish(const Lanes<Real>&, const PathRows&) override {}

 private:
  static double distance(Real quoted) {
    return quoted >= no_quote<Real> ? none : static_cast<double>(quoted);
  }

  std::vector<TraceStep>& steps_;
};

double uniform(std::uint32_t word) {
  return (static_cast<double>(word >> 1) + 0.5) * 0x1p-31;
}

/// Distances become prices; everything that follows from the rest is added.
void complete(std::vector<TraceStep>& steps, const PointInput& point, std::uint64_t path) {
  const auto& market = point.scenario.market;
  const double scale = move_scale(market), capital = point.scenario.account.capital;
  double walk = 0.0, peak = capital;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    auto& step = steps[i];
    const auto words =
        philox({static_cast<std::uint32_t>(path), static_cast<std::uint32_t>(path >> 32),
                static_cast<std::uint32_t>(i), 0},
               point.key);
    step.time = static_cast<double>(i) * market.dt;
    step.mid = market.initial_price + scale * walk;
    walk += step.move;
    step.next_mid = market.initial_price + scale * walk;
    step.bid = step.mid - step.bid;
    step.ask = step.mid + step.ask;
    step.bid_draw = uniform(words[1]);
    step.ask_draw = uniform(words[2]);
    step.cash = step.equity - capital - step.inventory * step.next_mid;
    peak = std::max(peak, step.equity);
    step.drawdown = peak - step.equity;
  }
}

template <class Real>
std::vector<TraceStep> run(const PointInput& point, std::uint64_t path) {
  std::vector<TraceStep> steps;
  PointRunner<Real> runner(point);
  runner.add(std::make_unique<LaneRecorder<Real>>(steps));
  DrawStream<Real> stream(draw_spec(point), path, chunk_steps);
  runner.begin();
  const auto count = step_count(point.scenario.market);
  for (std::int64_t done = 0; done < count; done += chunk_steps) {
    const int chunk = static_cast<int>(std::min<std::int64_t>(chunk_steps, count - done));
    stream.advance(chunk);
    runner.advance(stream, chunk);
    for (int i = 0; i < chunk; ++i)
      steps[static_cast<std::size_t>(done + i)].move = static_cast<double>(stream.step(i).move[0]);
  }
  complete(steps, point, path);
  return steps;
}

}  // namespace

std::vector<TraceStep> trace_path(const PointInput& point, Precision precision,
                                  std::uint64_t path) {
  return precision == Precision::single_ ? run<float>(point, path) : run<double>(point, path);
}

}  // namespace quotesweep
