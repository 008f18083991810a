#pragma once

#include <cstdint>
#include <memory>

#include "market/draws.hpp"
#include "market/structure.hpp"

namespace quotesweep {

/// The market at one step, each an array over lanes. What the market does not have is null.
template <class Real>
struct MarketStep {
  const Real* mid;           // S_i [price]
  const Real* per_mid;       // 1 / S_i [1 / price]
  const Real* walk;          // S_i - S_0 [price]
  const Real* move;          // S_{i+1} - S_i [price]
  const Real* partner_walk;  // P_i - P_0 [price]
  const Real* partner_move;  // P_{i+1} - P_i [price]
  const Real* imbalance;     // I_i, from -1 to 1
  const Real* above;         // S_i less the tick next to S_0 [price]
  const Real* for_bids;      // the same, made for rounding down [ticks]
  const Real* for_asks;      // made for rounding up [ticks]
};

/// A price may be off the tick that it is meant to be on by this share of a tick: by so much is a
/// mid moved before prices around it are rounded.
inline constexpr double tick_slack = 1e-3;

/// Prices of `lane_count` consecutive paths of one market, made from draws a chunk of steps at a
/// time; shared by all points with this market.
///
/// Draws beside those of DrawStream: words 0 and 1 of the counter (path low, path high, step, 1) of
/// the same key move the partner and the imbalance.
template <class Real>
class MarketPath {
 public:
  MarketPath(const MarketTerms& terms, const DrawSpec& spec, std::uint64_t first_path, int capacity,
             int lanes = lane_count);

  /// Back to the start, for other paths.
  void begin(std::uint64_t first_path);

  /// Makes the steps of the stream's current chunk; earlier ones are gone.
  void advance(const DrawStream<Real>& stream, int steps);

  MarketStep<Real> step(int i) const;

  /// Whether a price of the current chunk, the partner's included, is not above zero.
  bool any_negative() const { return any_negative_; }

 private:
  using Arrays = std::unique_ptr<LaneArray<Real>[]>;

  void move_brownian(const StepDraws<Real>& draws, std::size_t i);
  void move_pair(const StepDraws<Real>& draws, std::size_t i);
  void draw_extra();
  void see_imbalance(std::size_t i);
  void see_prices(std::size_t i);
  void see_ticks(std::size_t i);
  double volatility_factor() const;

  MarketTerms terms_;
  DrawSpec spec_;
  std::uint64_t first_path_;
  std::int64_t next_step_ = 0;
  int lanes_;
  bool pair_, imbalance_, ticks_, own_walk_, any_negative_ = false;
  double root_dt_, decay_, innovation_;  // of the imbalance, per step
  double tie_left_, tie_innovation_;     // of the spread, per step
  LaneArray<double> walked_{}, partner_walked_{}, spread_{}, latent_{};
  LaneArray<Real> partner_normal_{}, imbalance_normal_{};
  Arrays mid_, per_mid_, walk_, move_, partner_walk_, partner_move_, book_, above_, for_bids_,
      for_asks_;
};

extern template class MarketPath<float>;
extern template class MarketPath<double>;

}  // namespace quotesweep
