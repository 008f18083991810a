#include "sim/point_runner.hpp"

#include <algorithm>

#include "base/pack.hpp"
#include "base/with_flags.hpp"

namespace quotesweep {
namespace {

/// Lines that are kept at most.
constexpr std::int64_t most_lines = 20 * chunk_steps;

}  // namespace

template <class Real>
PointRunner<Real>::PointRunner(const PointInput& point)
    : market_(point.scenario.market),
      account_(point.scenario.market, point.scenario.fills, point.scenario.account),
      maker_(point),
      returns_(point.scenario.metrics, point.scenario.market, point.scenario.account.capital),
      activity_(point.scenario.market, point.scenario.account.capital),
      clamped_fills_(point.scenario.market, point.scenario.fills),
      metrics_(make_further_metrics<Real>(point.scenario.metrics, point.scenario.market,
                                          point.scenario.fills, point.scenario.account)) {}

template <class Real>
template <class Call>
void PointRunner<Real>::each_metric(Call call) {
  call(returns_);
  call(drawdown_);
  call(activity_);
  call(clamped_fills_);
  for (auto& metric : metrics_) call(*metric);
}

template <class Real>
void PointRunner<Real>::begin() {
  next_step_ = 0;
  account_.open(lanes_);
  each_metric([&](auto& metric) { metric.begin(lanes_); });
  negative_prices_.begin();
}

/// Sees to it that `lines_` has the next steps; false where these have to be taken by passes.
template <class Real>
bool PointRunner<Real>::follows_lines(int steps) {
  if (!metrics_.empty() || !returns_.every_step()) return false;
  const auto known = static_cast<std::int64_t>(lines_.size());
  const std::int64_t at = next_step_ - first_line_;
  if (at >= 0 && at + steps <= known) return true;
  if (at != known || known + steps > most_lines) {
    lines_.clear();
    first_line_ = next_step_;
  }
  quote_lines_.resize(static_cast<std::size_t>(steps));
  if (!maker_.lines(next_step_, quote_lines_)) return false;
  floored_ = quote_lines_.front().floored;
  for (const auto& line : quote_lines_)
    lines_.push_back({static_cast<Real>(line.half_spread), static_cast<Real>(line.skew)});
  return true;
}

template <class Real>
void PointRunner<Real>::advance(DrawStream<Real>& stream, int steps) {
  stream.set_prices(market_);
  if (stream.any_negative(market_))
    for (int i = 0; i < steps; ++i) negative_prices_.observe(stream.prices(i).mid);
  for (int first = 0; first < steps; first += chunk_steps) {
    const int chunk = std::min(chunk_steps, steps - first);
    if (follows_lines(chunk))
      advance_packs(stream, first, chunk);
    else
      advance_passes(stream, first, chunk);
    next_step_ += chunk;
    settle();
  }
}

template <class Real>
void PointRunner<Real>::settle() {
  each_metric([&](auto& metric) { metric.settle(lanes_); });
  account_.settle(lanes_);
}

template <class Real>
void PointRunner<Real>::advance_passes(const DrawStream<Real>& stream, int first, int steps) {
  for (int i = 0; i < steps; ++i) {
    maker_.quote(next_step_ + i, lanes_, quotes_);
    account_.step(stream.step(first + i), stream.prices(first + i), quotes_, lanes_);
    each_metric([&](auto& metric) { metric.observe(quotes_, lanes_); });
  }
}

template <class Real>
void PointRunner<Real>::advance_packs(const DrawStream<Real>& stream, int first, int steps) {
  const std::span lines(lines_.data() + (next_step_ - first_line_),
                        static_cast<std::size_t>(steps));
  with_flags<3>({floored_, account_.has_fees(), clamped_fills_.active()}, [&](auto... flags) {
    for (int lane = 0; lane < lane_count; lane += 2 * pack_size<Real>)
      advance_two<flags.value...>(stream, first, lines, lane);
  });
}

template <class Real>
auto PointRunner<Real>::hold(int lane) const -> Held {
  return {.inventory = load<V>(lanes_.inventory, lane),
          .equity = load<V>(lanes_.equity, lane),
          .returns = returns_.template hold<V>(lane),
          .drawdown = drawdown_.template hold<V>(lane),
          .activity = activity_.template hold<V>(lane),
          .clamped = clamped_fills_.template hold<CountPack>(lane)};
}

template <class Real>
void PointRunner<Real>::put_back(const Held& held, int lane) {
  store(held.inventory, lanes_.inventory, lane);
  store(held.equity, lanes_.equity, lane);
  returns_.put_back(held.returns, lane);
  drawdown_.put_back(held.drawdown, lane);
  activity_.put_back(held.activity, lane);
  clamped_fills_.put_back(held.clamped, lane);
}

template <class Real>
template <bool floored, bool with_fees, bool counts_clamped>
[[gnu::always_inline]] inline void PointRunner<Real>::step(const StepDraws<Real>& draws,
                                                           const StepPrices<Real>& prices, int lane,
                                                           const LaneLine& line, Held& held) const {
  const V shift = held.inventory * line.skew;
  V bid = line.half_spread + shift, ask = line.half_spread - shift;
  if constexpr (floored) {
    bid = bid > Real(0) ? bid : Real(0);
    ask = ask > Real(0) ? ask : Real(0);
  }
  maker_.limit().restrict_quotes(held.inventory, bid, ask);
  const auto outcome =
      account_.template step<with_fees>(draws, prices, lane, bid, ask, held.inventory);
  held.inventory = outcome.inventory;
  held.equity += outcome.equity_change;
  returns_.observe(held.returns, outcome.equity_change);
  drawdown_.observe(held.drawdown, held.equity);
  activity_.observe(held.activity, outcome.bought + outcome.sold, outcome.traded_value,
                    outcome.inventory);
  if constexpr (counts_clamped) clamped_fills_.observe(held.clamped, bid, ask);
}

/// Two packs in turn, since each step of one waits for the step before.
template <class Real>
template <bool floored, bool with_fees, bool counts_clamped>
void PointRunner<Real>::advance_two(const DrawStream<Real>& stream, int first,
                                    std::span<const LaneLine> lines, int lane) {
  constexpr int next = pack_size<Real>;
  auto one = hold(lane), other = hold(lane + next);
  for (int i = first; const auto& line : lines) {
    const auto draws = stream.step(i);
    const auto prices = stream.prices(i++);
    step<floored, with_fees, counts_clamped>(draws, prices, lane, line, one);
    step<floored, with_fees, counts_clamped>(draws, prices, lane + next, line, other);
  }
  put_back(one, lane);
  put_back(other, lane + next);
}

template <class Real>
void PointRunner<Real>::finish(const PathRows& rows) {
  each_metric([&](auto& metric) { metric.finish(lanes_, rows); });
  negative_prices_.finish(rows);
}

template class PointRunner<float>;
template class PointRunner<double>;

}  // namespace quotesweep
