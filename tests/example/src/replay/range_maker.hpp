#pragma once

#include "replay/channel.hpp"
#include "replay/ladder.hpp"

namespace quotesweep {

/// One order a side, `min_spread` from the open, and more the nearer the price is to the end of its
/// channel to which the order belongs: buys low, sells high.
class RangeMaker final : public LadderStrategy {
 public:
  explicit RangeMaker(std::span<const Scenario> lanes) {
    for (int lane = 0; lane < lane_count; ++lane) {
      const auto& s =
          lanes[std::min<std::size_t>(static_cast<std::size_t>(lane), lanes.size() - 1)];
      spread_[lane] = s.ladder.min_spread;
      share_[lane] = 2.0 * s.margin.aggressivity;
    }
  }

  std::vector<Indicator> signals() const override { return {Indicator::own(channel_position, 20)}; }

  void quote(const LadderInput& in, Ladder& ladder) override {
    const double high = in.signals[0];
    auto& level = ladder.levels[0];
    each_lane(in.lanes, [&](int lane) {
      ladder.reservation[lane] = in.open;
      level.bid[lane] = in.open * (1.0 - spread_[lane]);
      level.ask[lane] = in.open * (1.0 + spread_[lane]);
      level.bid_size[lane] = in.max_position[lane] * share_[lane] * (1.0 - high);
      level.ask_size[lane] = in.max_position[lane] * share_[lane] * high;
    });
  }

 private:
  Column spread_, share_;
};

}  // namespace quotesweep
