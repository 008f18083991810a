#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "market/fill_model.hpp"
#include "market/lanes.hpp"
#include "market/price_process.hpp"

namespace quotesweep {

/// Distances that are linear in the inventory q: bid half_spread + skew q, ask half_spread - skew
/// q.
struct QuoteLine {
  double half_spread = 0.0;  // [price]
  double skew = 0.0;         // [price / unit]
  bool floored = false;      // negative distances become zero
};

/// A quoting rule. One call serves a whole block of lanes, so an implementation is a plain loop
/// that is as short as a scalar one and still fills vector registers. An object belongs to one
/// point and is used by one thread at a time.
template <class Real>
class Strategy {
 public:
  virtual ~Strategy() = default;

  /// Sets both distances from the mid [price] for every lane, given the time left tau = T - t
  /// [time] and the lanes' state. Distances may be negative; `no_quote` is none.
  virtual void quote(double time_left, const Lanes<Real>& lanes, Quotes<Real>& quotes) = 0;

  /// The same where each lane has its own estimate of sigma^2 [price^2 / time]. A strategy without
  /// a volatility of its own ignores it.
  virtual void quote_with(const Real* variance, double time_left, const Lanes<Real>& lanes,
                          Quotes<Real>& quotes) {
    static_cast<void>(variance);
    quote(time_left, lanes, quotes);
  }

  /// Sets the lines that `quote` follows, to the bit, at some times left [time]; false where it
  /// follows none, now or ever. Market makers that quote on lines are simulated faster.
  virtual bool lines(std::span<const double> times_left, std::span<QuoteLine> lines) const {
    static_cast<void>(times_left), static_cast<void>(lines);
    return false;
  }

  /// The same for `quote_with`: lines, and what the estimate v of sigma^2 adds to them, times v.
  virtual bool lines_with(std::span<const double> times_left, std::span<QuoteLine> lines,
                          std::span<QuoteLine> per_variance) const {
    static_cast<void>(times_left), static_cast<void>(lines), static_cast<void>(per_variance);
    return false;
  }
};

enum class StrategyName { avellaneda_stoikov, symmetric, glft, tokyo, stoikov, vanilla, mexico };

/// Whether a strategy quotes a ladder around a bar's open, which only a replay has.
constexpr bool is_ladder(StrategyName name) {
  return name >= StrategyName::tokyo;
}

/// Half spread of the symmetric strategy.
enum class HalfSpread {
  current,  // Avellaneda and Stoikov's, which narrows with the time left
  average   // its mean over the steps, held constant: the benchmark agent of the paper
};

/// Which solution of Gueant, Lehalle and Fernandez-Tapia the glft strategy quotes by.
enum class GlftForm {
  exact,       // for the finite horizon
  asymptotic,  // far from the horizon, by the eigenvector
  closed_form  // the paper's approximation of the asymptotic quotes, linear in inventory
};

/// What quotes are made around.
enum class FairValue {
  mid,
  microprice  // (ask x bid size + bid x ask size) / (bid size + ask size)
};

struct StrategyTerms {
  StrategyName name = StrategyName::avellaneda_stoikov;
  double gamma = 0.1;  // risk aversion [1 / money]; of stoikov and vanilla [1 / units]
  HalfSpread half_spread = HalfSpread::current;
  GlftForm form = GlftForm::exact;
  bool floor_quotes = false;  // no negative distances
  double horizon = 0.0;       // tau that quotes use [time]; 0 is the time left to T
  FairValue fair_value = FairValue::mid;
  double min_half_spread = 0.0;  // [bps of the mid]
  double max_half_spread = 0.0;  // [bps of the mid]; 0 is without bound
  double phi = 0.0;              // shift of both quotes, downwards [price / unit of inventory]
  double pair_bias = 0.0;        // shift of both quotes per pair signal, upwards [half spreads]
  double quantity = 1.0;         // base size of an order [units]
  double size_volatility = 0.0;  // share of a size that shrinks as 1 / volatility above the model's
  double size_inventory = 0.0;   // share of a size taken away at q_max, on the side that adds
  double pair_quantity = 0.0;    // position in the spread of the pair while its signal is active

  bool operator==(const StrategyTerms&) const = default;
};

/// Inventories that a market maker may have, in lots.
struct InventoryRange {
  std::int64_t limit = 0;  // the risk limit q_max, or `endless` [lots]
  std::int64_t reach = 0;  // largest |inventory| that can come about [lots]
  bool whole = true;       // whether every inventory is a whole number

  /// Lots that no path can hold.
  static constexpr std::int64_t endless = std::int64_t{1} << 52;
  std::string limit_text() const { return limit == endless ? ".inf" : std::to_string(limit); }
};

struct QuoteTable;

/// What a strategy computes once per point, to be shared by all who simulate it; null where it
/// needs nothing.
std::shared_ptr<const QuoteTable> make_quote_table(const StrategyTerms& terms,
                                                   const PriceProcess& process,
                                                   const FillModel& fills,
                                                   const InventoryRange& range);

/// The strategy that `terms` names, for this price process and fill model, with its table.
template <class Real>
std::unique_ptr<Strategy<Real>> make_strategy(const StrategyTerms& terms,
                                              const PriceProcess& process, const FillModel& fills,
                                              std::shared_ptr<const QuoteTable> table);

extern template std::unique_ptr<Strategy<float>> make_strategy(const StrategyTerms&,
                                                               const PriceProcess&,
                                                               const FillModel&,
                                                               std::shared_ptr<const QuoteTable>);
extern template std::unique_ptr<Strategy<double>> make_strategy(const StrategyTerms&,
                                                                const PriceProcess&,
                                                                const FillModel&,
                                                                std::shared_ptr<const QuoteTable>);

}  // namespace quotesweep
