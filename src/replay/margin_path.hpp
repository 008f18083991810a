#pragma once

#include "replay/pack.hpp"

namespace quotesweep {

/// How far margins have fallen from their running peaks.
template <class V>
struct MarginFall {
  V peak;           // [price]
  V worst;          // largest fall [price]
  V fraction_drop;  // the fall that is largest against its peak [price]
  V fraction_peak;  // and that peak [price]

  void take(const V& margin) {
    peak = margin > peak ? margin : peak;
    const V drop = peak - margin;
    // drop / peak against the worst so far, without the divisions.
    const auto deeper = drop * fraction_peak > fraction_drop * peak;
    worst = drop > worst ? drop : worst;
    fraction_drop = deeper ? drop : fraction_drop;
    fraction_peak = deeper ? peak : fraction_peak;
  }
};

/// What the margins of a block of lanes have gone through.
struct MarginPath {
  Column peak{}, worst{}, fraction_drop{}, fraction_peak{};
  Column exposure{};  // sum over bars of |position| x price [price]

  template <class V>
  MarginFall<V> fall(int lane) const {
    return {at<V>(peak, lane), at<V>(worst, lane), at<V>(fraction_drop, lane),
            at<V>(fraction_peak, lane)};
  }
  template <class V>
  void set(int lane, const MarginFall<V>& now) {
    at<V>(peak, lane) = now.peak;
    at<V>(worst, lane) = now.worst;
    at<V>(fraction_drop, lane) = now.fraction_drop;
    at<V>(fraction_peak, lane) = now.fraction_peak;
  }
};

}  // namespace quotesweep
