#pragma once

#include "replay/replay_rule.hpp"

namespace quotesweep {

/// No orders, and no position, while the rolling volatility of log returns is above a limit.
class CalmOnly final : public ReplayRule {
 public:
  CalmOnly(double limit, int window) : limit_(limit), window_(window) {}

  std::vector<Indicator> signals() const override { return {{IndicatorKind::volatility, window_}}; }

  void exit(const LadderInput& in, Column& leaves) override {
    const double one = in.signals[0] > limit_ ? 1.0 : 0.0;
    each_lane(in.lanes, [&](int lane) { leaves[lane] = one; });
  }

  void restrict_orders(const LadderInput& in, Ladder& ladder) override {
    const double kept = in.signals[0] > limit_ ? 0.0 : 1.0;
    for (auto& level : ladder.levels)
      each_lane(in.lanes, [&](int lane) {
        level.bid_size[lane] *= kept;
        level.ask_size[lane] *= kept;
      });
  }

 private:
  double limit_;
  int window_;
};

}  // namespace quotesweep
