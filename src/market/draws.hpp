#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "market/fill_model.hpp"
#include "market/lanes.hpp"
#include "market/price_process.hpp"

namespace quotesweep {

/// What decides the random draws of a path, and nothing else: points with equal specifications see
/// the same draws (common random numbers).
struct DrawSpec {
  std::uint64_t key = 0;
  Moves moves = Moves::normal;
  FillProbability probability = FillProbability::poisson;

  bool operator==(const DrawSpec&) const = default;
};

/// The draws of one step, each an array over lanes.
///
/// A side is filled iff k delta - ln(A dt) < threshold. With V uniform on (0, 1) the threshold is
/// -ln V for `bernoulli` and -ln(-ln(1 - V)) for `poisson`: V < lambda dt, and V < 1 - exp(-lambda
/// dt), in the log domain, so that no exponential is needed per point.
template <class Real>
struct StepDraws {
  const Real* displacement;   // (mid - initial price) / (sigma sqrt(dt)) before the move
  const Real* move;           // xi, the standardised move of the mid after the fills
  const Real* bid_threshold;  // fill threshold of the bid
  const Real* ask_threshold;  // fill threshold of the ask
};

/// A Brownian mid at one step, each an array over lanes.
template <class Real>
struct StepPrices {
  const Real* mid;     // before the move [price]
  const Real* change;  // sigma sqrt(dt) xi [price]
};

/// Sets the prices of one step of a market.
template <class Real>
void price_step(const PriceProcess& process, const StepDraws<Real>& draws, LaneArray<Real>& mid,
                LaneArray<Real>& change);

/// Draws of `lane_count` consecutive paths, made a chunk of steps at a time, forwards.
///
/// Words of Philox4x32-10 with counter (path low, path high, step, 0) and the key of the
/// specification: word 0 gives the move (its top bit the sign, the rest the probability of the
/// tail), words 1 and 2 the bid's and the ask's V = (top 31 bits + 1/2) / 2^31.
template <class Real>
class DrawStream {
 public:
  /// Draws for paths `first_path` ... `first_path + lane_count - 1`, at most `capacity` steps a
  /// chunk. With `lanes` <= few_lanes only the first of them are drawn, the others never move.
  DrawStream(const DrawSpec& spec, std::uint64_t first_path, int capacity, int lanes = lane_count);

  /// Back to the start, for other paths.
  void begin(std::uint64_t first_path);

  /// Makes the next `steps` (<= capacity) steps of draws; earlier ones are gone.
  void advance(int steps);

  /// Draws of step `i` of the current chunk.
  StepDraws<Real> step(int i) const {
    const auto at = static_cast<std::size_t>(i);
    return {displacement_[at].values, move_[at].values, bid_threshold_[at].values,
            ask_threshold_[at].values};
  }

  /// Makes the prices of the current chunk in this market, if these are not there already.
  void set_prices(const PriceProcess& process);

  /// Whether a mid of the current chunk is not above zero in this market.
  bool any_negative(const PriceProcess& process) const;

  /// Prices of step `i` of the current chunk, after `set_prices`.
  StepPrices<Real> prices(int i) const {
    const auto at = static_cast<std::size_t>(i);
    return {mid_[at].values, change_[at].values};
  }

 private:
  template <int lanes>
  void draw_step(int i);

  DrawSpec spec_;
  std::uint64_t first_path_;
  std::uint32_t next_step_ = 0;
  int capacity_, steps_ = 0;
  bool few_;
  Real lowest_ = Real(0);               // displacement of the current chunk
  std::optional<PriceProcess> priced_;  // the market of the prices that are there
  LaneArray<double> walk_{};            // sum of the moves so far
  std::unique_ptr<LaneArray<Real>[]> displacement_, move_, bid_threshold_, ask_threshold_;
  std::unique_ptr<LaneArray<Real>[]> mid_, change_;
};

/// Standard normal numbers from words 0 and 1 of the counters (path low, path high, step, 1) of
/// `lane_count` consecutive paths, or the first `lanes` of them: what a market draws beside its
/// DrawStream.
template <class Real>
void draw_normals(std::uint64_t key, std::uint64_t first_path, std::uint32_t step, int lanes,
                  LaneArray<Real>& first, LaneArray<Real>& second);

extern template class DrawStream<float>;
extern template class DrawStream<double>;

}  // namespace quotesweep
