#include "sim/path_trace.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <span>
#include <utility>

#include "base/philox.hpp"
#include "sim/desk_tile.hpp"
#include "sim/point_runner.hpp"

namespace quotesweep {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// What lane 0 does in a step; distances stand for prices until `complete`.
template <class Real>
TraceStep look(const Quotes<Real>& quotes, const Lanes<Real>& lanes) {
  const auto distance = [](Real quoted) {
    return quoted >= no_quote<Real> ? none : static_cast<double>(quoted);
  };
  return {.bid = distance(quotes.bid_distance[0]),
          .ask = distance(quotes.ask_distance[0]),
          .bought = static_cast<double>(lanes.bid_filled[0]),
          .sold = static_cast<double>(lanes.ask_filled[0]),
          .inventory = static_cast<double>(lanes.inventory[0]),
          .equity = lanes.ledger[0] + static_cast<double>(lanes.equity[0])};
}

template <class Real>
class LaneRecorder final : public PathMetric<Real> {
 public:
  explicit LaneRecorder(std::vector<TraceStep>& steps) : steps_(steps) {}

  void begin(const Lanes<Real>&) override {}
  void observe(const Quotes<Real>& quotes, const Lanes<Real>& lanes) override {
    steps_.push_back(look(quotes, lanes));
  }
  void settle(const Lanes<Real>&) override {}
  void finish(const Lanes<Real>&, const PathRows&) override {}

 private:
  std::vector<TraceStep>& steps_;
};

double uniform(std::uint32_t word) {
  return (static_cast<double>(word >> 1) + 0.5) * 0x1p-31;
}

bool has_partner(const PointInput& point) {
  return point.scenario.market.model == MarketModel::cointegrated;
}
bool has_imbalance(const PointInput& point) {
  return point.scenario.book.imbalance_sd > 0.0;
}

/// What a market draws at a step beside the rest, in the lanes' own precision.
template <class Real>
std::array<double, 2> further_draws(const PointInput& point, std::uint64_t path, std::size_t step) {
  LaneArray<Real> partner, imbalance;
  draw_normals(point.key, path, static_cast<std::uint32_t>(step), few_lanes, partner, imbalance);
  return {has_partner(point) ? static_cast<double>(partner[0]) : none,
          has_imbalance(point) ? static_cast<double>(imbalance[0]) : none};
}

/// Distances become prices, lots units; everything that follows from the rest is added.
template <class Real>
void complete(std::vector<TraceStep>& steps, const PointInput& point, std::uint64_t path) {
  const double capital = point.lot * point.scenario.account.capital;
  double peak = capital;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    auto& step = steps[i];
    const auto words =
        philox({static_cast<std::uint32_t>(path), static_cast<std::uint32_t>(path >> 32),
                static_cast<std::uint32_t>(i), 0},
               point.key);
    for (double* counted : {&step.bought, &step.sold, &step.inventory, &step.equity})
      *counted *= point.lot;
    step.time = static_cast<double>(i) * point.scenario.market.dt;
    step.bid = step.mid - step.bid;
    step.ask = step.mid + step.ask;
    step.bid_draw = uniform(words[1]);
    step.ask_draw = uniform(words[2]);
    const auto further = further_draws<Real>(point, path, i);
    step.partner_draw = further[0];
    step.imbalance_draw = further[1];
    step.cash = step.equity - capital - step.inventory * step.next_mid;
    peak = std::max(peak, step.equity);
    step.drawdown = peak - step.equity;
  }
}

/// The walk of a bare market maker's mid, in double precision.
void walk(std::vector<TraceStep>& steps, const PriceProcess& market) {
  const double scale = move_scale(market);
  double walked = 0.0;
  for (auto& step : steps) {
    step.mid = market.initial_price + scale * walked;
    walked += step.move;
    step.next_mid = market.initial_price + scale * walked;
  }
}

template <class Real>
std::vector<TraceStep> run_bare(const PointInput& point, std::uint64_t path) {
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
  walk(steps, point.scenario.market);
  return steps;
}

/// Prices are the market's own, whose moves are the lanes' and are summed in double precision.
template <class Real>
std::vector<TraceStep> run_desk(const PointInput& point, std::uint64_t path) {
  std::vector<TraceStep> steps;
  DeskTile<Real> tile(std::span(&point, 1), few_lanes);
  double walked = 0.0;
  tile.run(path, [&](std::size_t, const DeskStep<Real>& step, const DeskRunner<Real>& runner) {
    TraceStep seen = look(runner.quotes(), runner.lanes());
    seen.move = static_cast<double>(step.draws.move[0]);
    seen.mid = point.scenario.market.initial_price + walked;
    walked += static_cast<double>(step.market.move[0]);
    seen.next_mid = point.scenario.market.initial_price + walked;
    steps.push_back(seen);
  });
  return steps;
}

template <class Real>
std::vector<TraceStep> run(const PointInput& point, std::uint64_t path) {
  auto steps =
      needs_desk(point.scenario) ? run_desk<Real>(point, path) : run_bare<Real>(point, path);
  complete<Real>(steps, point, path);
  return steps;
}

}  // namespace

std::vector<TraceStep> trace_path(const PointInput& point, Precision precision,
                                  std::uint64_t path) {
  return precision == Precision::single_ ? run<float>(point, path) : run<double>(point, path);
}

}  // namespace quotesweep
