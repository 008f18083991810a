#pragma once

#include <memory>
#include <span>

#include "market/desk.hpp"
#include "market/desk_step.hpp"
#include "market/taker_cost.hpp"

namespace quotesweep {

/// Trades in the spread of a pair, at market.
template <class Real>
struct PairTrading {
  Real quantity = Real(0);  // of the traded asset while the signal is active [units]; 0 is none
  Real partner_price = Real(0);  // at the start [price]
  TakerCost<Real> taker;

  bool operator==(const PairTrading&) const = default;

  /// Opens and closes the position in lanes whose signal has turned, and sets what the pair brings
  /// in this step. A lane that is out of the market waits for the next signal.
  void trade(const MarketStep<Real>& market, const SignalStep<Real>& signals,
             Desk<Real>& desk) const;

 private:
  void trade(int lane, const MarketStep<Real>& market, const SignalStep<Real>& signals,
             Desk<Real>& desk) const;
};

template <class Real>
PairTrading<Real> pair_trading(const MarketTerms& market, const TakerCost<Real>& taker,
                               double quantity);

/// The position in the spread of all who trade it alike and have never left the market.
template <class Real>
class PairBook {
 public:
  /// For up to `capacity` steps at a time.
  PairBook(const PairTrading<Real>& trading, int capacity);

  /// Back to the start, for other paths.
  void begin() { desk_ = {}; }
  /// Trades at the next steps, and adds to each what that brings, summed up from the first of them.
  void advance(std::span<DeskStep<Real>> steps);

 private:
  using Arrays = std::unique_ptr<LaneArray<Real>[]>;  // by steps

  void add_up(const LaneArray<Real>& next, std::size_t i, Arrays& sums) const;

  PairTrading<Real> trading_;
  Desk<Real> desk_{};  // of someone who does nothing else
  Arrays gain_, units_, hedge_, gained_, taken_value_, taken_trades_;
};

extern template struct PairTrading<float>;
extern template struct PairTrading<double>;
extern template class PairBook<float>;
extern template class PairBook<double>;

}  // namespace quotesweep
