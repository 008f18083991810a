#include "strategy/glft.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "strategy/glft_solution.hpp"

namespace quotesweep {
namespace {

constexpr std::int64_t largest_limit = 10'000;  // Q [lots]
constexpr double largest_table = 4e6;           // numbers
constexpr double largest_cost = 4e8;            // multiplications

GlftModel model_of(const StrategyTerms& terms, const PriceProcess& process, const FillModel& fills,
                   const InventoryRange& range) {
  return glft_model(terms.gamma, process, fills, range.limit);
}

/// Row from ln(v_q / v_{q+1}), q = 0 ..., which is odd about q = -1/2. Beyond the limit, where risk
/// rules leave no bid, the outermost distance is repeated.
void append_row(QuoteTable& table, const GlftModel& model, const std::vector<double>& log_ratios) {
  const auto last = static_cast<std::int64_t>(log_ratios.size()) - 1;
  const auto ratio = [&](std::int64_t q) { return log_ratios[static_cast<std::size_t>(q)]; };
  for (std::int64_t q = -table.reach; q <= table.reach; ++q) {
    const double log_ratio = q >= 0 ? ratio(std::min(q, last)) : -ratio(std::min(-q - 1, last));
    table.bid_distance.push_back(log_ratio / model.decay + model.arrival_term);
  }
}

void append_closed_form(QuoteTable& table, const GlftModel& model) {
  for (std::int64_t q = -table.reach; q <= table.reach; ++q)
    table.bid_distance.push_back(model.arrival_term +
                                 (static_cast<double>(q) + 0.5) * model.asymptotic_skew);
}

/// A row for every time left to T; one where the time left is constant.
std::int64_t exact_rows(const StrategyTerms& terms, const PriceProcess& process) {
  return terms.horizon > 0.0 ? 1 : step_count(process);
}

}  // namespace

const double* QuoteTable::row(double time_left) const {
  const auto steps = static_cast<std::int64_t>(std::floor(time_left / dt + 0.5));
  const auto row = std::clamp<std::int64_t>(steps, 1, rows()) - 1;
  return bid_distance.data() + row * columns() + reach;
}

template <class Real>
void Glft<Real>::quote(double time_left, const Lanes<Real>& lanes, Quotes<Real>& quotes) {
  const double* row = table_->row(time_left);
  if (!table_->whole) return quote_nearest(row, lanes, quotes);
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const auto q = static_cast<std::int32_t>(lanes.inventory[lane]);
    quotes.bid_distance[lane] = static_cast<Real>(row[q]);
    quotes.ask_distance[lane] = static_cast<Real>(row[-q]);
  }
}

template <class Real>
void Glft<Real>::quote_nearest(const double* row, const Lanes<Real>& lanes,
                               Quotes<Real>& quotes) const {
  const auto reach = static_cast<Real>(table_->reach);
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    const Real lots = std::floor(lanes.inventory[lane] + Real(0.5));
    const Real low = lots > -reach ? lots : -reach;
    const auto q = static_cast<std::int32_t>(low < reach ? low : reach);
    quotes.bid_distance[lane] = static_cast<Real>(row[q]);
    quotes.ask_distance[lane] = static_cast<Real>(row[-q]);
  }
}

QuoteTable glft_table(const StrategyTerms& terms, const PriceProcess& process,
                      const FillModel& fills, const InventoryRange& range) {
  const auto model = model_of(terms, process, fills, range);
  QuoteTable table{.reach = range.reach, .dt = process.dt, .whole = range.whole};
  if (terms.form == GlftForm::closed_form) {
    append_closed_form(table, model);
  } else if (terms.form == GlftForm::asymptotic) {
    append_row(table, model, asymptotic_log_ratios(model));
  } else {
    const std::int64_t needed = std::min(range.limit, range.reach + 1);
    GlftHorizon horizon(model);
    const double dt = terms.horizon > 0.0 ? terms.horizon : process.dt;
    for (std::int64_t row = 0; row < exact_rows(terms, process); ++row) {
      horizon.advance(dt);
      append_row(table, model, horizon.log_ratios(needed));
    }
  }
  return table;
}

void check_glft(const StrategyTerms& terms, const PriceProcess& process, const FillModel& fills,
                const InventoryRange& range) {
  if (range.limit < 1)
    throw Error(
        "risk.q_max: leaves no order (must be at least one, of strategy.quantity, with "
        "strategy.name: glft); raise it, or lower strategy.quantity");
  const bool exact = terms.form == GlftForm::exact;
  if (terms.form != GlftForm::closed_form && range.limit > largest_limit)
    throw Error(
        "risk.q_max = {} orders of strategy.quantity (must be at most {} with strategy.name: glft, "
        "whose quotes are optimal under a limit and solve a system of that size); set or lower "
        "risk.q_max, or use strategy.form: closed_form",
        range.limit_text(), largest_limit);
  const std::int64_t steps = step_count(process);
  const std::int64_t rows = exact ? exact_rows(terms, process) : 1;
  const double dt = terms.horizon > 0.0 ? terms.horizon : process.dt;
  const double numbers = static_cast<double>(rows) * static_cast<double>(2 * range.reach + 1);
  const double cost =
      exact ? glft_horizon_cost(model_of(terms, process, fills, range), dt, rows) : 0.0;
  if (numbers > largest_table || cost > largest_cost)
    throw Error(
        "risk.q_max = {} orders of strategy.quantity with T/dt = {} steps makes glft quotes a "
        "table "
        "of {:.3g} numbers and {:.3g} multiplications (must be at most {:g} and {:g}); set or "
        "lower "
        "risk.q_max{}",
        range.limit_text(), steps, numbers, cost, largest_table, largest_cost,
        exact ? ", or use strategy.form: asymptotic" : "");
}

template class Glft<float>;
template class Glft<double>;

}  // namespace quotesweep
