#pragma once

#include "strategy/quote_table.hpp"

namespace quotesweep {

/// Quotes of Gueant, Lehalle and Fernandez-Tapia (see GlftModel), looked up in a table by the
/// number of lots, or the nearest to it, half up.
template <class Real>
class Glft final : public Strategy<Real> {
 public:
  explicit Glft(std::shared_ptr<const QuoteTable> table) : table_(std::move(table)) {}
  void quote(double time_left, const Lanes<Real>& lanes, Quotes<Real>& quotes) override;

 private:
  void quote_nearest(const double* row, const Lanes<Real>& lanes, Quotes<Real>& quotes) const;

  std::shared_ptr<const QuoteTable> table_;
};

/// The table of `terms.form`: a row per step for the exact quotes, one row for the others.
QuoteTable glft_table(const StrategyTerms& terms, const PriceProcess& process,
                      const FillModel& fills, const InventoryRange& range);

/// Throws Error where there is no limit that quotes need one to be optimal under, or the table
/// would be too large or take too long.
void check_glft(const StrategyTerms& terms, const PriceProcess& process, const FillModel& fills,
                const InventoryRange& range);

extern template class Glft<float>;
extern template class Glft<double>;

}  // namespace quotesweep
