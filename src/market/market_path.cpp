#include "market/market_path.hpp"

#include <cmath>

#include "base/elementary.hpp"

namespace quotesweep {
namespace {

/// Share of a mean-reverting process that is left after a step, and the factor of sigma sqrt(dt)
/// xi: sqrt((1 - e^(-2 theta dt)) / (2 theta dt)).
struct Reversion {
  double left = 1.0;
  double innovation = 1.0;
};

Reversion reversion(double theta, double dt) {
  if (theta == 0.0) return {};
  return {elementary::exp(-theta * dt),
          std::sqrt((1.0 - elementary::exp(-2.0 * theta * dt)) / (2.0 * theta * dt))};
}

}  // namespace

template <class Real>
MarketPath<Real>::MarketPath(const MarketTerms& terms, const DrawSpec& spec,
                             std::uint64_t first_path, int capacity, int lanes)
    : terms_(terms),
      spec_(spec),
      first_path_(first_path),
      lanes_(lanes),
      pair_(terms.process.model == MarketModel::cointegrated),
      imbalance_(terms.book.imbalance_sd > 0.0),
      ticks_(terms.book.has_ticks()),
      own_walk_(pair_ || imbalance_ || terms.process.drift != 0.0 || terms.spike.length > 0.0),
      root_dt_(std::sqrt(terms.process.dt)),
      decay_(elementary::exp(-terms.book.imbalance_reversion * terms.process.dt)),
      innovation_(terms.book.imbalance_sd * std::sqrt(1.0 - decay_ * decay_)) {
  const auto tie = reversion(terms.pair.spread_reversion, terms.process.dt);
  tie_left_ = tie.left;
  tie_innovation_ = tie.innovation;
  const auto size = static_cast<std::size_t>(capacity);
  const auto make = [size] { return std::make_unique<LaneArray<Real>[]>(size); };
  for (auto* arrays : {&mid_, &per_mid_, &walk_, &move_}) *arrays = make();
  if (pair_) partner_walk_ = make(), partner_move_ = make();
  if (imbalance_) book_ = make();
  if (ticks_) above_ = make(), for_bids_ = make(), for_asks_ = make();
}

template <class Real>
void MarketPath<Real>::begin(std::uint64_t first_path) {
  first_path_ = first_path;
  next_step_ = 0;
  for (auto* sum : {&walked_, &partner_walked_, &spread_, &latent_}) *sum = {};
}

template <class Real>
void MarketPath<Real>::advance(const DrawStream<Real>& stream, int steps) {
  any_negative_ = false;
  for (int step = 0; step < steps; ++step, ++next_step_) {
    const auto i = static_cast<std::size_t>(step);
    const auto draws = stream.step(step);
    if (pair_ || imbalance_) draw_extra();
    if (imbalance_) see_imbalance(i);
    if (pair_)
      move_pair(draws, i);
    else
      move_brownian(draws, i);
    see_prices(i);
    if (ticks_) see_ticks(i);
  }
}

template <class Real>
MarketStep<Real> MarketPath<Real>::step(int step) const {
  const auto i = static_cast<std::size_t>(step);
  return {mid_[i].values,
          per_mid_[i].values,
          walk_[i].values,
          move_[i].values,
          pair_ ? partner_walk_[i].values : nullptr,
          pair_ ? partner_move_[i].values : nullptr,
          imbalance_ ? book_[i].values : nullptr,
          ticks_ ? above_[i].values : nullptr,
          ticks_ ? for_bids_[i].values : nullptr,
          ticks_ ? for_asks_[i].values : nullptr};
}

template <class Real>
double MarketPath<Real>::volatility_factor() const {
  const auto& spike = terms_.spike;
  if (spike.length == 0.0) return 1.0;
  const double dt = terms_.process.dt;
  const bool inside = next_step_ >= step_at(spike.start, dt) &&
                      next_step_ < step_at(spike.start + spike.length, dt);
  return inside ? spike.factor : 1.0;
}

template <class Real>
void MarketPath<Real>::draw_extra() {
  draw_normals(spec_.key, first_path_, static_cast<std::uint32_t>(next_step_), lanes_,
               partner_normal_, imbalance_normal_);
}

template <class Real>
void MarketPath<Real>::see_imbalance(std::size_t i) {
  auto& seen = book_[i];
  const double decay = decay_, innovation = innovation_;
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const double y = latent_[lane];
    seen[lane] = static_cast<Real>(y / std::sqrt(1.0 + y * y));
    latent_[lane] = decay * y + innovation * static_cast<double>(imbalance_normal_[lane]);
  }
}

template <class Real>
void MarketPath<Real>::see_prices(std::size_t i) {
  using elementary::bits_if;
  using Bits = typename elementary::Format<Real>::Bits;
  const auto& mid = mid_[i];
  auto& per_mid = per_mid_[i];
  const auto partner_price = static_cast<Real>(pair_ ? terms_.pair.partner_price : 1.0);
  // Without a partner any finite numbers will do, times zero.
  const Real* partner_walk = pair_ ? partner_walk_[i].values : mid.values;
  const Real moved = pair_ ? Real(1) : Real(0);
  Bits any = 0;
#pragma omp simd reduction(| : any)
  for (int lane = 0; lane < lane_count; ++lane) {
    const Real price = mid[lane], partner = partner_price + moved * partner_walk[lane];
    per_mid[lane] = Real(1) / price;
    any |= bits_if(!((price > Real(0)) & (partner > Real(0))), Bits{1});
  }
  any_negative_ |= any != 0;
}

template <class Real>
void MarketPath<Real>::see_ticks(std::size_t i) {
  const auto offset = static_cast<Real>(terms_.above_tick()),
             per_tick = static_cast<Real>(1.0 / terms_.book.tick),
             slack = static_cast<Real>(tick_slack);
  const auto& walk = walk_[i];
  auto &above = above_[i], &for_bids = for_bids_[i], &for_asks = for_asks_[i];
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const Real price = walk[lane] + offset, ticks = price * per_tick;
    above[lane] = price;
    for_bids[lane] = ticks + slack;
    for_asks[lane] = ticks - slack;
  }
}

template <class Real>
void MarketPath<Real>::move_brownian(const StepDraws<Real>& draws, std::size_t i) {
  const auto& process = terms_.process;
  const double factor = volatility_factor();
  const auto initial = static_cast<Real>(process.initial_price),
             scale = static_cast<Real>(factor * move_scale(process)),
             drift = static_cast<Real>(process.drift * process.dt),
             strength = static_cast<Real>(terms_.book.imbalance_strength);
  auto &mid = mid_[i], &walk = walk_[i], &move = move_[i];
  if (!own_walk_) {  // the very numbers of an account without structure
#pragma omp simd
    for (int lane = 0; lane < lane_count; ++lane) {
      walk[lane] = scale * draws.displacement[lane];
      mid[lane] = initial + scale * draws.displacement[lane];
      move[lane] = scale * draws.move[lane];
    }
    return;
  }
  const Real* seen = imbalance_ ? book_[i].values : nullptr;
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const Real lean = seen != nullptr ? strength * seen[lane] : Real(0);
    walk[lane] = static_cast<Real>(walked_[lane]);
    mid[lane] = static_cast<Real>(process.initial_price + walked_[lane]);
    move[lane] = drift + scale * (draws.move[lane] + lean);
    walked_[lane] += static_cast<double>(move[lane]);
  }
}

template <class Real>
void MarketPath<Real>::move_pair(const StepDraws<Real>& draws, std::size_t i) {
  const auto& process = terms_.process;
  const auto& pair = terms_.pair;
  const double factor = volatility_factor(), dt = process.dt;
  const bool broken = pair.break_time > 0.0 && next_step_ >= step_at(pair.break_time, dt);
  const Reversion tie = broken ? Reversion{} : Reversion{tie_left_, tie_innovation_};
  const double partner_scale = factor * pair.partner_sigma * root_dt_,
               spread_scale = factor * pair.spread_sigma * root_dt_ * tie.innovation,
               lean_scale =
                   factor * traded_sigma(process, pair) * root_dt_ * terms_.book.imbalance_strength,
               drift = process.drift * dt, loss = 1.0 - tie.left, beta = pair.hedge_ratio;
  auto &mid = mid_[i], &walk = walk_[i], &move = move_[i];
  auto &partner_walk = partner_walk_[i], &partner_move = partner_move_[i];
  const Real* seen = imbalance_ ? book_[i].values : nullptr;
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const double lean = seen != nullptr ? lean_scale * static_cast<double>(seen[lane]) : 0.0;
    const double partner = drift + partner_scale * static_cast<double>(partner_normal_[lane]);
    const double spread =
        lean + spread_scale * static_cast<double>(draws.move[lane]) - loss * spread_[lane];
    walk[lane] = static_cast<Real>(walked_[lane]);
    mid[lane] = static_cast<Real>(process.initial_price + walked_[lane]);
    partner_walk[lane] = static_cast<Real>(partner_walked_[lane]);
    partner_move[lane] = static_cast<Real>(partner);
    move[lane] = static_cast<Real>(beta * partner + spread);
    spread_[lane] += spread;
    partner_walked_[lane] += static_cast<double>(partner_move[lane]);
    walked_[lane] += static_cast<double>(move[lane]);
  }
}

template class MarketPath<float>;
template class MarketPath<double>;

}  // namespace quotesweep
