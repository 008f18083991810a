#include "market/draws.hpp"

#include <limits>

#include "base/elementary.hpp"
#include "base/philox.hpp"

namespace quotesweep {
namespace {

using WordArray = LaneArray<std::uint32_t>;

/// The first words of the counters of the first `lanes` lanes.
template <int lanes, int count>
void draw_words(std::uint64_t key, std::uint64_t first_path, std::uint32_t step,
                std::uint32_t stream, WordArray (&words)[count]) {
  for (int lane = 0; lane < lanes; lane += philox_batch) {
    std::uint32_t batch[4][philox_batch];
    philox_paths(key, first_path + static_cast<std::uint64_t>(lane), step, stream, batch);
    for (int word = 0; word < count; ++word)
      for (int i = 0; i < philox_batch; ++i) words[word][lane + i] = batch[word][i];
  }
}

/// (integer + 1/2) / 2^bits for an integer below 2^31.
template <class Real>
Real centred(std::uint32_t integer, Real scale) {
  return (static_cast<Real>(static_cast<std::int32_t>(integer)) + Real(0.5)) * scale;
}

template <int lanes, class Real>
void normal_moves(const WordArray& words, LaneArray<Real>& moves) {
#pragma omp simd
  for (int lane = 0; lane < lanes; ++lane) {
    const std::uint32_t magnitude = words[lane] & 0x7FFFFFFFu;
    const Real tail = centred(magnitude, Real(0x1p-32));
    const Real centre = centred(0x7FFFFFFFu - magnitude, Real(0x1p-32));
    const Real side = words[lane] != magnitude ? Real(-1) : Real(1);
    moves[lane] = elementary::normal_quantile(tail, centre, side);
  }
}

template <int lanes, class Real>
void binomial_moves(const WordArray& words, LaneArray<Real>& moves) {
#pragma omp simd
  for (int lane = 0; lane < lanes; ++lane)
    moves[lane] = static_cast<std::int32_t>(words[lane]) < 0 ? Real(-1) : Real(1);
}

template <int lanes, class Real>
void bernoulli_thresholds(const WordArray& words, LaneArray<Real>& thresholds) {
#pragma omp simd
  for (int lane = 0; lane < lanes; ++lane)
    thresholds[lane] = -elementary::log(centred(words[lane] >> 1, Real(0x1p-31)));
}

template <int lanes, class Real>
void poisson_thresholds(const WordArray& words, LaneArray<Real>& thresholds) {
  constexpr Real below_one = Real(1) - std::numeric_limits<Real>::epsilon() / Real(2);
#pragma omp simd
  for (int lane = 0; lane < lanes; ++lane) {
    const Real v = centred(words[lane] >> 1, Real(0x1p-31));
    const Real bounded = v < below_one ? v : below_one;  // rounding may have given 1
    thresholds[lane] = -elementary::log(-elementary::log1p(-bounded));
  }
}

}  // namespace

template <class Real>
DrawStream<Real>::DrawStream(const DrawSpec& spec, std::uint64_t first_path, int capacity,
                             int lanes)
    : spec_(spec), first_path_(first_path), capacity_(capacity), few_(lanes <= few_lanes) {
  const auto size = static_cast<std::size_t>(capacity);
  for (auto* arrays : {&displacement_, &move_, &bid_threshold_, &ask_threshold_})
    *arrays = few_ ? std::make_unique<LaneArray<Real>[]>(size)
                   : std::make_unique_for_overwrite<LaneArray<Real>[]>(size);
}

template <class Real>
void DrawStream<Real>::begin(std::uint64_t first_path) {
  first_path_ = first_path;
  next_step_ = 0;
  walk_ = {};
}

template <class Real>
void DrawStream<Real>::advance(int steps) {
  steps_ = steps;
  priced_.reset();
  lowest_ = Real(0);
  for (int i = 0; i < steps; ++i) {
    if (few_)
      draw_step<few_lanes>(i);
    else
      draw_step<lane_count>(i);
  }
}

template <class Real>
template <int lanes>
void DrawStream<Real>::draw_step(int i) {
  const auto at = static_cast<std::size_t>(i);
  WordArray words[3];
  draw_words<lanes>(spec_.key, first_path_, next_step_++, 0, words);
  auto& move = move_[at];
  if (spec_.moves == Moves::normal)
    normal_moves<lanes>(words[0], move);
  else
    binomial_moves<lanes>(words[0], move);
  auto* thresholds = spec_.probability == FillProbability::poisson
                         ? poisson_thresholds<lanes, Real>
                         : bernoulli_thresholds<lanes, Real>;
  thresholds(words[1], bid_threshold_[at]);
  thresholds(words[2], ask_threshold_[at]);
  auto& displacement = displacement_[at];
  Real lowest = lowest_;
#pragma omp simd reduction(min : lowest)
  for (int lane = 0; lane < lane_count; ++lane) {
    const auto now = static_cast<Real>(walk_[lane]);
    displacement[lane] = now;
    walk_[lane] += static_cast<double>(move[lane]);
    lowest = now < lowest ? now : lowest;
  }
  lowest_ = lowest;
}

template <class Real>
void DrawStream<Real>::set_prices(const PriceProcess& process) {
  if (priced_ == process) return;
  priced_ = process;
  const auto size = static_cast<std::size_t>(capacity_);
  for (auto* arrays : {&mid_, &change_})
    if (*arrays == nullptr) *arrays = std::make_unique_for_overwrite<LaneArray<Real>[]>(size);
  for (int i = 0; i < steps_; ++i) {
    const auto at = static_cast<std::size_t>(i);
    price_step(process, step(i), mid_[at], change_[at]);
  }
}

template <class Real>
bool DrawStream<Real>::any_negative(const PriceProcess& process) const {
  const auto initial = static_cast<Real>(process.initial_price),
             scale = static_cast<Real>(move_scale(process));
  return !(initial + scale * lowest_ > Real(0));
}

template <class Real>
void price_step(const PriceProcess& process, const StepDraws<Real>& draws, LaneArray<Real>& mid,
                LaneArray<Real>& change) {
  const auto initial = static_cast<Real>(process.initial_price),
             scale = static_cast<Real>(move_scale(process));
#pragma omp simd
  for (int lane = 0; lane < lane_count; ++lane) {
    mid[lane] = initial + scale * draws.displacement[lane];
    change[lane] = scale * draws.move[lane];
  }
}

template <class Real>
void draw_normals(std::uint64_t key, std::uint64_t first_path, std::uint32_t step, int lanes,
                  LaneArray<Real>& first, LaneArray<Real>& second) {
  WordArray words[2];
  if (lanes <= few_lanes) {
    draw_words<few_lanes>(key, first_path, step, 1, words);
    normal_moves<few_lanes>(words[0], first);
    normal_moves<few_lanes>(words[1], second);
  } else {
    draw_words<lane_count>(key, first_path, step, 1, words);
    normal_moves<lane_count>(words[0], first);
    normal_moves<lane_count>(words[1], second);
  }
}

template void draw_normals(std::uint64_t, std::uint64_t, std::uint32_t, int, LaneArray<float>&,
                           LaneArray<float>&);
template void draw_normals(std::uint64_t, std::uint64_t, std::uint32_t, int, LaneArray<double>&,
                           LaneArray<double>&);

template void price_step(const PriceProcess&, const StepDraws<float>&, LaneArray<float>&,
                         LaneArray<float>&);
template void price_step(const PriceProcess&, const StepDraws<double>&, LaneArray<double>&,
                         LaneArray<double>&);

template class DrawStream<float>;
template class DrawStream<double>;

}  // namespace quotesweep
