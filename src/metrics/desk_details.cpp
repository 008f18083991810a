#include "metrics/desk_details.hpp"

#include <cmath>
#include <limits>

#include "base/elementary.hpp"

namespace quotesweep {
namespace {

using elementary::one_if;

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

double ratio(double numerator, double denominator) {
  return denominator > 0.0 ? numerator / denominator : undefined;
}

}  // namespace

template <class Real>
DeskDetails<Real>::DeskDetails(const MarketTerms& market, const DeskAccount<Real>& account,
                               double capital)
    : dt_(market.process.dt),
      steps_(static_cast<double>(step_count(market.process))),
      capital_(capital),
      rebate_(static_cast<double>(account.rebate())),
      rebate_per_unit_(static_cast<double>(account.rebate_per_unit())),
      breaks_(market.process.model == MarketModel::cointegrated && market.pair.break_time > 0.0) {
  if (breaks_) break_step_ = step_at(market.pair.break_time, dt_);
}

template <class Real>
void DeskDetails<Real>::begin(const Lanes<Real>&) {
  for (auto& sum : sums_) sum = {};
  for (auto& sum : settled_) sum = {};
  for (auto& word : counts_) word = {};
  for (auto& count : counted_) count = {};
  for (auto& stop : stops_) stop = {};
  entry_ = trip_gain_ = walk_ = {};
  fees_ = holding_ = {};
  followed_ = {};
  pair_time_ = nullptr;
  next_step_ = 0;
  for (int lane = 0; lane < lane_count; ++lane) first_stop_[lane] = undefined;
}

template <class Real>
void DeskDetails<Real>::next(const MarketStep<Real>& market) {
  latest_ = market;
  ++next_step_;
}

template <class Real>
void DeskDetails<Real>::observe_pair(const Desk<Real>& desk) {
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) sums_[pair][lane] += desk.pair_gain[lane];
  for (const int lane : desk.pair_traded) {
    counted_[trades][lane] += static_cast<double>(desk.taken_trades[lane]);
    sums_[at_market][lane] += desk.taken_value[lane];
  }
}

template <class Real>
void DeskDetails<Real>::settle_pair() {
  if (followed_.gained == nullptr) return;
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    sums_[pair][lane] += followed_.gained[lane];
    sums_[at_market][lane] += followed_.taken_value[lane];
    counted_[trades][lane] += static_cast<double>(followed_.taken_trades[lane]);
  }
  followed_ = {};
}

template <class Real>
void DeskDetails<Real>::observe_out(const Desk<Real>& desk) {
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane)
    sums_[out][lane] += one_if<Real>(desk.steps_out[lane] > Real(0));
}

template <class Real>
void DeskDetails<Real>::observe_stop(int lane, StopReason reason, Real inventory,
                                     const Taken<Real>& taken) {
  stops_[reason - 1][lane] += 1.0;
  if (std::isnan(first_stop_[lane])) first_stop_[lane] = dt_ * static_cast<double>(next_step_);
  sums_[liquidation][lane] -= taken.cost;
  sums_[at_market][lane] += taken.value;
  counted_[trades][lane] += static_cast<double>(taken.trades);
  if (inventory == Real(0)) return;
  const Real price = latest_.walk[lane] + latest_.move[lane];
  const Real side = inventory > Real(0) ? Real(-1) : Real(1);
  const auto booked =
      book_at_average_cost(inventory, entry_[lane], side, std::abs(inventory), price);
  sums_[realized][lane] += booked.gain;
  const bool won = trip_gain_[lane] + booked.gain - taken.inventory_cost > Real(0);
  counts_[0][lane] = counted(counts_[0][lane] + places[trips].one(), won, won_trips);
  sums_[abs_inventory][lane] -= std::abs(inventory);
  counts_[1][lane] -= places[held].one();
  trip_gain_[lane] = Real(0);
}

template <class Real>
void DeskDetails<Real>::settle(const Lanes<Real>& lanes) {
  settle_pair();
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane)
    walk_[lane] = latest_.walk[lane] + latest_.move[lane];
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const double fees = rebate_ * static_cast<double>(sums_[value][lane]) +
                        rebate_per_unit_ * static_cast<double>(sums_[traded_units][lane]);
    double parts = fees;
    for (int sum = 0; sum < sum_count; ++sum) {
      const auto gained = static_cast<double>(sums_[sum][lane]);
      if (sum <= liquidation) parts += gained;
      settled_[sum][lane] += gained;
      sums_[sum][lane] = Real(0);
    }
    fees_[lane] += fees;
    holding_[lane] += static_cast<double>(lanes.equity[lane]) - parts;
  }
  for (int count = 0; count < count_count; ++count) settle_count(static_cast<Count>(count));
  for (auto& word : counts_) word = {};
}

template <class Real>
void DeskDetails<Real>::settle_count(Count count) {
  const auto place = places[count];
  const auto& word = counts_[place.word];
  auto& total = counted_[count];
  const int first = place.first;
  const Bits mask = (Bits{1} << place.width) - 1;
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const auto number = static_cast<std::int32_t>((word[lane] >> first) & mask);
    total[lane] += static_cast<double>(number);
  }
}

template <class Real>
void DeskDetails<Real>::finish(const Lanes<Real>& lanes, const PathRows& rows) {
  using Q = PathQuantity;
  const auto put = [&rows](Q quantity, auto number) {
    double* row = rows[quantity];
#pragma omp simd
    for (int lane = 0; lane < lane_count; ++lane) row[lane] = number(lane);
  };
  const auto put_sum = [&](Q quantity, Sum sum) {
    put(quantity, [&](int lane) { return settled_[sum][lane]; });
  };
  const auto put_share = [&](Q quantity, Sum sum, double unit) {
    put(quantity, [&](int lane) { return settled_[sum][lane] / unit; });
  };
  const auto put_ratio = [&](Q quantity, auto numerator, auto denominator) {
    put(quantity, [&](int lane) { return ratio(numerator(lane), denominator(lane)); });
  };
  const auto total = [this](Sum sum) {
    return [this, sum](int lane) { return settled_[sum][lane]; };
  };
  const auto counted = [this](Count count) {
    return [this, count](int lane) { return counted_[count][lane]; };
  };
  const auto inventory = [&](int lane) { return static_cast<double>(lanes.inventory[lane]); };
  put(Q::trades, counted(trades));
  put(Q::turnover,
      [&](int lane) { return (settled_[value][lane] + settled_[at_market][lane]) / capital_; });
  put_share(Q::mean_abs_inventory, abs_inventory, steps_);
  put(Q::terminal_inventory, inventory);
  put_sum(Q::pnl_spread, spread);
  put(Q::pnl_fees, [&](int lane) { return fees_[lane]; });
  put(Q::pnl_inventory, [&](int lane) { return holding_[lane]; });
  put_sum(Q::pnl_bias, bias);
  put_sum(Q::pnl_pair, pair);
  put_sum(Q::pnl_liquidation, liquidation);
  put_sum(Q::realized_pnl, realized);
  put(Q::unrealized_pnl,
      [&](int lane) { return inventory(lane) * static_cast<double>(walk_[lane] - entry_[lane]); });
  const auto pnl = [row = rows[Q::pnl]](int lane) { return row[lane]; };
  put(Q::total_return, [&](int lane) { return pnl(lane) / capital_; });
  put_ratio(
      Q::calmar, [&](int lane) { return pnl(lane) / capital_; },
      [row = rows[Q::max_drawdown_pct]](int lane) { return row[lane]; });
  put_ratio(Q::pnl_per_trade, pnl, counted(trades));
  put(Q::round_trips, counted(trips));
  put_ratio(Q::win_rate, counted(won_trips), counted(trips));
  put_ratio(Q::fill_win_rate, counted(won_closings), counted(closings));
  put_ratio(
      Q::holding_time, [&](int lane) { return counted_[held][lane] * dt_; },
      [&](int lane) { return counted_[trips][lane] + (inventory(lane) != 0.0 ? 1.0 : 0.0); });
  put_ratio(Q::inventory_turnover, total(traded_units),
            [&](int lane) { return settled_[abs_inventory][lane] / steps_; });
  put(Q::time_at_limit, [&](int lane) { return counted_[at_limit][lane] / steps_; });
  put(Q::orders, counted(orders));
  put(Q::stops, [&](int lane) { return stops_[0][lane] + stops_[1][lane] + stops_[2][lane]; });
  put(Q::stops_drawdown, [&](int lane) { return stops_[0][lane]; });
  put(Q::stops_var, [&](int lane) { return stops_[1][lane]; });
  put(Q::stops_kill, [&](int lane) { return stops_[2][lane]; });
  put(Q::stop_time, [&](int lane) { return first_stop_[lane]; });
  put_share(Q::time_out, out, steps_);
  put(Q::pair_time, [&](int lane) { return pair_time_->active[lane] / steps_; });
  const double late = breaks_ ? steps_ - static_cast<double>(break_step_) : 0.0;
  put_ratio(
      Q::pair_time_after_break, [&](int lane) { return pair_time_->after_break[lane]; },
      [late](int) { return late; });
}

template class DeskDetails<float>;
template class DeskDetails<double>;

}  // namespace quotesweep
