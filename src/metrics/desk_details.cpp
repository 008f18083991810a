#include "metrics/desk_details.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "base/elementary.hpp"

namespace quotesweep {
namespace {

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
      breaks_(market.process.model == MarketModel::cointegrated && market.pair.break_time > 0.0),
      rare_(rare_count),
      own_pair_(2) {
  if (breaks_) break_step_ = step_at(market.pair.break_time, dt_);
}

template <class Real>
void DeskDetails<Real>::begin(const Lanes<Real>&) {
  for (auto& sum : sums_) clear(sum);
  for (auto& sum : settled_) clear(sum);
  for (auto& word : counts_) clear(word);
  for (auto& count : counted_) clear(count);
  const std::size_t written = any_left_ ? rare_count : liquidation;
  for (auto& sum : std::span(rare_).first(written)) clear(sum);
  if (owns_pair_) clear(own_pair_[0], own_pair_[1]);
  std::fill_n(rare_[first_stop].values, lane_count, undefined);
  clear(entry_, trip_gain_, walk_);
  followed_ = {};
  owns_pair_ = any_left_ = false;
  pair_time_ = nullptr;
  next_step_ = 0;
}

template <class Real>
void DeskDetails<Real>::next(const MarketStep<Real>& market) {
  latest_ = market;
  ++next_step_;
}

template <class Real>
void DeskDetails<Real>::observe_pair(const Desk<Real>& desk) {
  owns_pair_ = true;
  auto& gained = own_pair_[0];
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) gained[lane] += desk.pair_gain[lane];
  for (const int lane : desk.pair_traded) {
    counted_[trades][lane] += static_cast<double>(desk.taken_trades[lane]);
    own_pair_[1][lane] += desk.taken_value[lane];
  }
}

template <class Real>
void DeskDetails<Real>::take_over_pair() {
  if (followed_.gained == nullptr) return;
  std::copy_n(followed_.gained, lane_count, own_pair_[0].values);
  std::copy_n(followed_.taken_value, lane_count, own_pair_[1].values);
  for (int lane = 0; lane < lane_count; ++lane)
    counted_[trades][lane] += static_cast<double>(followed_.taken_trades[lane]);
  owns_pair_ = true;
  followed_ = {};
}

/// Adds what the pair has brought since the last settlement.
template <class Real>
void DeskDetails<Real>::settle_pair() {
  auto &gained = rare_[pair], &taken = rare_[at_market], &number = counted_[trades];
  if (followed_.gained != nullptr) {
#pragma omp simd
    for (int lane = 0; lane < lane_count; ++lane) {
      gained[lane] += static_cast<double>(followed_.gained[lane]);
      taken[lane] += static_cast<double>(followed_.taken_value[lane]);
      number[lane] += static_cast<double>(followed_.taken_trades[lane]);
    }
    followed_ = {};
  }
  if (!owns_pair_) return;
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    gained[lane] += static_cast<double>(own_pair_[0][lane]);
    taken[lane] += static_cast<double>(own_pair_[1][lane]);
    own_pair_[0][lane] = own_pair_[1][lane] = Real(0);
  }
}

template <class Real>
void DeskDetails<Real>::observe_out(const Desk<Real>& desk) {
  auto& steps = rare_[out];
  for (int lane = 0; lane < lane_count; ++lane)
    if (desk.steps_out[lane] > Real(0)) steps[lane] += 1.0;
}

template <class Real>
void DeskDetails<Real>::observe_stop(int lane, StopReason reason, Real inventory,
                                     const Taken<Real>& taken) {
  any_left_ = true;
  const auto place = static_cast<std::size_t>(reason - drawdown_reason);
  rare_[std::size_t{drawdown_stops} + place][lane] += 1.0;
  double& first = rare_[first_stop][lane];
  if (std::isnan(first)) first = dt_ * static_cast<double>(next_step_);
  rare_[liquidation][lane] -= static_cast<double>(taken.cost);
  rare_[at_market][lane] += static_cast<double>(taken.value);
  counted_[trades][lane] += static_cast<double>(taken.trades);
  if (inventory == Real(0)) return;
  const Real price = latest_.walk[lane] + latest_.move[lane];
  const auto booked = book_at_average_cost(inventory, entry_[lane], -inventory, price);
  const bool won = trip_gain_[lane] + booked.gain - taken.inventory_cost > Real(0);
  counts_[0][lane] = counted(counts_[0][lane] + places[trips].one(), won, won_trips);
  sums_[abs_inventory][lane] -= std::abs(inventory);
  counts_[1][lane] -= places[held].one();
  trip_gain_[lane] = Real(0);
}

template <class Real>
void DeskDetails<Real>::take_orders(Desk<Real>& desk) {
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const Bits sent = desk.sent[lane];
    counted_[orders][lane] += static_cast<double>(static_cast<std::int32_t>(sent / order_mark));
    counted_[at_limit][lane] += static_cast<double>(static_cast<std::int32_t>(sent % order_mark));
    desk.sent[lane] = 0;
  }
}

template <class Real>
void DeskDetails<Real>::settle(Desk<Real>& desk) {
  settle_pair();
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane)
    walk_[lane] = latest_.walk[lane] + latest_.move[lane];
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    for (int sum = 0; sum < sum_count; ++sum) {
      settled_[sum][lane] += static_cast<double>(sums_[sum][lane]);
      sums_[sum][lane] = Real(0);
    }
  }
  for (int count = 0; count < at_limit; ++count) settle_count(static_cast<Count>(count));
  for (auto& word : counts_) clear(word);
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const Bits limited = desk.sent[lane] % order_mark;
    counted_[at_limit][lane] += static_cast<double>(static_cast<std::int32_t>(limited));
    desk.sent[lane] -= limited;
  }
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
  const auto put_share = [&](Q quantity, Sum sum, double unit) {
    put(quantity, [&](int lane) { return settled_[sum][lane] / unit; });
  };
  const auto put_rare = [&](Q quantity, Rare sum) {
    put(quantity, [values = rare_[sum].values](int lane) { return values[lane]; });
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
      [&](int lane) { return (settled_[value][lane] + rare_[at_market][lane]) / capital_; });
  put_share(Q::mean_abs_inventory, abs_inventory, steps_);
  put(Q::terminal_inventory, inventory);
  put(Q::pnl_spread, [&](int lane) { return settled_[captured][lane] + settled_[biased][lane]; });
  put(Q::pnl_fees, [&](int lane) {
    return 0.0 + rebate_ * settled_[value][lane] + rebate_per_unit_ * settled_[traded_units][lane];
  });
  put(Q::pnl_bias, [&](int lane) { return 0.0 - settled_[biased][lane]; });
  put_rare(Q::pnl_pair, pair);
  put_rare(Q::pnl_liquidation, liquidation);
  put(Q::pnl_inventory, [&](int lane) {
    const double parts = rows[Q::pnl_spread][lane] + rows[Q::pnl_fees][lane] +
                         rows[Q::pnl_bias][lane] + rare_[pair][lane] + rare_[liquidation][lane];
    return rows[Q::pnl][lane] - parts;
  });
  put(Q::unrealized_pnl,
      [&](int lane) { return inventory(lane) * static_cast<double>(walk_[lane] - entry_[lane]); });
  put(Q::realized_pnl, [&](int lane) {
    return rows[Q::pnl_spread][lane] + rows[Q::pnl_bias][lane] + rows[Q::pnl_inventory][lane] -
           rows[Q::unrealized_pnl][lane];
  });
  const auto pnl = [row = rows[Q::pnl]](int lane) { return row[lane]; };
  put(Q::total_return, [&](int lane) { return pnl(lane) / capital_; });
  put_ratio(
      Q::calmar, [row = rows[Q::total_return]](int lane) { return row[lane]; },
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
  put(Q::stops, [&](int lane) {
    return rare_[drawdown_stops][lane] + rare_[var_stops][lane] + rare_[kill_stops][lane];
  });
  put_rare(Q::stops_drawdown, drawdown_stops);
  put_rare(Q::stops_var, var_stops);
  put_rare(Q::stops_kill, kill_stops);
  put_rare(Q::stop_time, first_stop);
  put(Q::time_out, [&](int lane) { return rare_[out][lane] / steps_; });
  put(Q::pair_time, [&](int lane) { return pair_time_->active[lane] / steps_; });
  const double late = breaks_ ? steps_ - static_cast<double>(break_step_) : 0.0;
  put_ratio(
      Q::pair_time_after_break, [&](int lane) { return pair_time_->after_break[lane]; },
      [late](int) { return late; });
}

template class DeskDetails<float>;
template class DeskDetails<double>;

}  // namespace quotesweep
