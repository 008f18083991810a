#pragma once

#include "market/running_peak.hpp"
#include "metrics/path_metric.hpp"

namespace quotesweep {

/// max_drawdown and max_drawdown_pct.
template <class Real>
class Drawdown final : public PathMetric<Real> {
 public:
  void begin(const Lanes<Real>& lanes) override;
  void observe(const Quotes<Real>& quotes, const Lanes<Real>& lanes) override;
  /// The same for one lane, by its equity since the last settlement [price]; returns its fall from
  /// the peak as a fraction of that.
  Real observe(int lane, Real equity) {
    auto held = hold<Real>(lane);
    const Real fall = observe(held, equity);
    put_back(held, lane);
    return fall;
  }

  /// What `observe` changes of a lane, or of a Pack of them, to be held in registers for some
  /// steps.
  template <class V>
  struct Held {
    V ledger, peak, worst, worst_fraction;
  };
  template <class V>
  Held<V> hold(int lane) const;
  template <class V>
  static V observe(Held<V>& held, V equity);
  template <class V>
  void put_back(const Held<V>& held, int lane);

  void settle(const Lanes<Real>& lanes) override;
  void finish(const Lanes<Real>& lanes, const PathRows& rows) override;
  const RunningPeak<Real>& peak() const { return peak_; }

 private:
  RunningPeak<Real> peak_;
  LaneArray<Real> ledger_;
  LaneArray<Real> worst_, worst_fraction_;
};

template <class Real>
template <class V>
[[gnu::always_inline]] inline auto Drawdown<Real>::hold(int lane) const -> Held<V> {
  return {load<V>(ledger_, lane), load<V>(peak_.since, lane), load<V>(worst_, lane),
          load<V>(worst_fraction_, lane)};
}

template <class Real>
template <class V>
[[gnu::always_inline]] inline V Drawdown<Real>::observe(Held<V>& held, V equity) {
  held.peak = equity > held.peak ? equity : held.peak;
  const V drop = held.peak - equity;
  const V fraction = drop / (held.ledger + held.peak);
  held.worst = drop > held.worst ? drop : held.worst;
  held.worst_fraction = fraction > held.worst_fraction ? fraction : held.worst_fraction;
  return fraction;
}

template <class Real>
template <class V>
[[gnu::always_inline]] inline void Drawdown<Real>::put_back(const Held<V>& held, int lane) {
  store(held.peak, peak_.since, lane);
  store(held.worst, worst_, lane);
  store(held.worst_fraction, worst_fraction_, lane);
}

}  // namespace quotesweep
