#include "market/pair_trading.hpp"

#include <cmath>

namespace quotesweep {

template <class Real>
PairTrading<Real> pair_trading(const MarketTerms& market, const TakerCost<Real>& taker,
                               double quantity) {
  if (market.process.model != MarketModel::cointegrated || quantity == 0.0) return {};
  return {static_cast<Real>(quantity), static_cast<Real>(market.pair.partner_price), taker};
}

template PairTrading<float> pair_trading(const MarketTerms&, const TakerCost<float>&, double);
template PairTrading<double> pair_trading(const MarketTerms&, const TakerCost<double>&, double);

template <class Real>
void PairTrading<Real>::trade(const MarketStep<Real>& market, const SignalStep<Real>& signals,
                              Desk<Real>& desk) const {
  for (const int lane : desk.pair_traded)
    desk.pair_cost[lane] = desk.taken_value[lane] = desk.taken_trades[lane] = Real(0);
  desk.pair_traded = *signals.pair_turned;
  for (const int lane : desk.pair_traded) trade(lane, market, signals, desk);
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const Real spread_move = market.move[lane] - desk.pair_hedge[lane] * market.partner_move[lane];
    desk.pair_gain[lane] = desk.pair_units[lane] * spread_move - desk.pair_cost[lane];
  }
}

template <class Real>
void PairTrading<Real>::trade(int lane, const MarketStep<Real>& market,
                              const SignalStep<Real>& signals, Desk<Real>& desk) const {
  const Real direction = signals.pair_direction[lane], units = desk.pair_units[lane];
  const bool in = desk.steps_out[lane] <= Real(0), takes = direction != Real(0);
  const Real wanted = in ? direction * quantity : Real(0);
  const Real before = desk.pair_hedge[lane], hedge = takes ? signals.pair_hedge[lane] : before;
  const Real traded = std::abs(wanted - units);
  const Real partner = std::abs(wanted * hedge - units * before);
  const Real mid = market.mid[lane], partner_mid = partner_price + market.partner_walk[lane];
  desk.pair_direction[lane] = direction;
  desk.pair_units[lane] = wanted;
  desk.pair_hedge[lane] = hedge;
  desk.pair_cost[lane] = taker.cost(traded, mid) + taker.cost(partner, partner_mid);
  desk.taken_value[lane] = traded * mid + partner * partner_mid;
  desk.taken_trades[lane] =
      (traded > Real(0) ? Real(1) : Real(0)) + (partner > Real(0) ? Real(1) : Real(0));
}

template <class Real>
PairBook<Real>::PairBook(const PairTrading<Real>& trading, int capacity) : trading_(trading) {
  if (trading_.quantity == Real(0)) return;
  for (auto* arrays : {&gain_, &units_, &hedge_, &gained_, &taken_value_, &taken_trades_})
    *arrays = std::make_unique<LaneArray<Real>[]>(static_cast<std::size_t>(capacity));
}

/// Step `i` of sums: what was there before it, and `next`.
template <class Real>
void PairBook<Real>::add_up(const LaneArray<Real>& next, std::size_t i, Arrays& sums) const {
  auto& sum = sums[i];
  if (i == 0) {
    sum = next;
    return;
  }
  const auto& before = sums[i - 1];
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) sum[lane] = before[lane] + next[lane];
}

template <class Real>
void PairBook<Real>::advance(std::span<DeskStep<Real>> steps) {
  if (trading_.quantity == Real(0)) return;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    trading_.trade(steps[i].market, steps[i].signals, desk_);
    gain_[i] = desk_.pair_gain;
    units_[i] = desk_.pair_units;
    hedge_[i] = desk_.pair_hedge;
    add_up(desk_.pair_gain, i, gained_);
    add_up(desk_.taken_value, i, taken_value_);
    add_up(desk_.taken_trades, i, taken_trades_);
    steps[i].pair = {gain_[i].values,   units_[i].values,       hedge_[i].values,
                     gained_[i].values, taken_value_[i].values, taken_trades_[i].values};
  }
}

template struct PairTrading<float>;
template struct PairTrading<double>;
template class PairBook<float>;
template class PairBook<double>;

}  // namespace quotesweep
