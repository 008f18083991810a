#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "replay/ladder.hpp"
#include "replay/quote_rules.hpp"
#include "strategy/avellaneda_stoikov.hpp"

namespace quotesweep {
namespace {

/// A rule for quotes as a strategy.
template <class Rule>
class Ruled final : public LadderStrategy {
 public:
  explicit Ruled(std::span<const Scenario> lanes) : rule_(lanes) {}

  std::vector<Indicator> signals() const override { return rule_.signals(); }

  void quote(const LadderInput& in, Ladder& ladder) override {
    rule_.around.rounding.with([&](const auto& prices) { quote_at(prices, in, ladder); });
  }

 private:
  template <class Prices>
  void quote_at(const Prices& prices, const LadderInput& in, Ladder& ladder) {
    const auto now = rule_.at_open({in.open, in.time_left, in.signals});
    for (std::size_t i = 0; i < Rule::levels(ladder.levels.size()); ++i) {
      auto& level = ladder.levels[i];
      const double step = static_cast<double>(i);
      each_lane(in.lanes, [&](int lane) {
        const Room<double> room{in.position[lane], in.max_position[lane]};
        const auto quote = rule_.quote(prices, now, step, room, lane);
        level.bid[lane] = quote.bid;
        level.ask[lane] = quote.ask;
        level.bid_size[lane] = quote.bid_size;
        level.ask_size[lane] = quote.ask_size;
        ladder.reservation[lane] = quote.reservation;
      });
    }
  }

  Rule rule_;
};

/// r = S (1 + delta) with delta from inventory, unrealised P&L, deviation from the SMA and
/// momentum; levels evenly spaced by constant + vol_factor sigma + spread_mom_factor |momentum|.
class Mexico final : public LadderStrategy {
 public:
  explicit Mexico(std::span<const Scenario> lanes)
      : around_(lanes),
        q_factor_(column(lanes,
                         [](const Scenario& s) {
                           return s.ladder.origin_conventions ? s.ladder.q_factor
                                                              : -s.ladder.q_factor;
                         })),
        upnl_factor_(column(lanes, [](const Scenario& s) { return s.ladder.upnl_factor; })),
        revert_(column(lanes, [](const Scenario& s) { return s.ladder.mean_revert_factor; })),
        momentum_(column(lanes, [](const Scenario& s) { return s.ladder.momentum_factor; })),
        constant_(column(lanes, [](const Scenario& s) { return s.ladder.constant_spread; })),
        volatility_(column(lanes, [](const Scenario& s) { return s.ladder.vol_factor; })),
        spread_momentum_(
            column(lanes, [](const Scenario& s) { return s.ladder.spread_mom_factor; })),
        adaptive_(
            column(lanes, [](const Scenario& s) { return s.ladder.adaptive_sizes ? 1.0 : 0.0; })),
        windows_(lanes[0].windows),
        // The origin takes the lowest spread, a fraction, off a price.
        least_is_price_(lanes[0].ladder.origin_conventions) {}

  std::vector<Indicator> signals() const override {
    return {{IndicatorKind::volatility, static_cast<int>(windows_.volatility)},
            {IndicatorKind::sma_deviation, static_cast<int>(windows_.sma)},
            {IndicatorKind::momentum, static_cast<int>(windows_.momentum)}};
  }

  void quote(const LadderInput& in, Ladder& ladder) override {
    around_.rounding.with([&](const auto& prices) { quote_at(prices, in, ladder); });
  }

 private:
  template <class Prices>
  void quote_at(const Prices& prices, const LadderInput& in, Ladder& ladder) {
    const double volatility = in.signals[0], deviation = in.signals[1], momentum = in.signals[2];
    const double least_unit = least_is_price_ ? 1.0 : in.open;
    each_lane(in.lanes, [&](int lane) {
      const double position = in.position[lane];
      const double upnl = position * (in.open - in.entry[lane]) / in.margin[lane];
      const double delta = q_factor_[lane] * position / in.max_position[lane] +
                           upnl_factor_[lane] * upnl + revert_[lane] * deviation +
                           momentum_[lane] * momentum;
      const double spacing = constant_[lane] + volatility_[lane] * volatility +
                             spread_momentum_[lane] * std::abs(momentum);
      const double least = around_.min_spread[lane];
      ladder.reservation[lane] = in.open * (1.0 + delta);
      spacing_[lane] = (spacing < least ? least : spacing) * in.open;
    });
    double step = 0.0;
    for (auto& level : ladder.levels) {
      step += 1.0;
      each_lane(in.lanes, [&](int lane) {
        const double reservation = ladder.reservation[lane], distance = step * spacing_[lane];
        const double least = around_.min_spread[lane] * least_unit;
        const double most = in.max_position[lane], taken = adaptive_[lane] * in.position[lane];
        level.bid[lane] = Around::bid(prices, reservation - distance, in.open, least);
        level.ask[lane] = Around::ask(prices, reservation + distance, in.open, least);
        level.bid_size[lane] = (most - taken) * around_.share[lane];
        level.ask_size[lane] = (most + taken) * around_.share[lane];
      });
    }
  }

  Around around_;
  Column q_factor_, upnl_factor_, revert_, momentum_, constant_, volatility_, spread_momentum_;
  Column adaptive_;
  IndicatorWindows windows_;
  bool least_is_price_;
  Column spacing_{};
};

/// Avellaneda and Stoikov's quotes around the open, of `strategy.quantity` units: one lot, in which
/// they count the position.
class BandLadder final : public LadderStrategy {
 public:
  explicit BandLadder(std::span<const Scenario> lanes)
      : aversion_(
            column(lanes, [](const Scenario& s) { return spread_of_lots(s).variance_aversion; })),
        arrival_term_(
            column(lanes, [](const Scenario& s) { return spread_of_lots(s).arrival_term; })),
        horizon_(column(lanes, [](const Scenario& s) { return s.strategy.horizon; })),
        quantity_(column(lanes, [](const Scenario& s) { return s.strategy.quantity; })),
        rounding_{lanes[0].book.tick, lanes[0].ladder.origin_conventions} {}

  void quote(const LadderInput& in, Ladder& ladder) override {
    rounding_.with([&](const auto& prices) { quote_at(prices, in, ladder); });
  }

 private:
  static OptimalSpread spread_of_lots(const Scenario& s) {
    return optimal_spread(s.strategy.gamma * s.strategy.quantity, s.market, s.fills);
  }

  template <class Prices>
  void quote_at(const Prices& prices, const LadderInput& in, Ladder& ladder) {
    auto& level = ladder.levels[0];
    each_lane(in.lanes, [&](int lane) {
      const double time_left = horizon_[lane] > 0.0 ? horizon_[lane] : in.time_left;
      const double skew = aversion_[lane] * time_left;
      const double half = 0.5 * skew + arrival_term_[lane];
      const double shift = in.position[lane] / quantity_[lane] * skew;
      ladder.reservation[lane] = in.open - shift;
      level.bid[lane] = prices(in.open - (half + shift));
      level.ask[lane] = prices(in.open + (half - shift));
      level.bid_size[lane] = level.ask_size[lane] = quantity_[lane];
    });
  }

  Column aversion_, arrival_term_, horizon_, quantity_;
  Rounding rounding_;
};

/// A strategy of the Monte Carlo engine as it is, one object per lane, which counts in lots.
class QuotedLadder final : public LadderStrategy {
 public:
  QuotedLadder(std::span<const Scenario> lanes, std::int64_t steps)
      : rounding_{lanes[0].book.tick, lanes[0].ladder.origin_conventions} {
    for (const auto& lane : lanes) {
      Scenario scenario = in_lots(lane);
      scenario.market.model = MarketModel::brownian;
      auto range = range_on_tape(scenario, steps);
      range.whole = false;
      scenario.market.horizon = quoting_horizon(scenario, steps);
      const auto table =
          make_quote_table(scenario.strategy, scenario.market, scenario.fills, range);
      strategies_.push_back(
          make_strategy<double>(scenario.strategy, scenario.market, scenario.fills, table));
      horizons_.push_back(scenario.strategy.horizon);
      quantities_.push_back(lane.strategy.quantity);
    }
  }

  void quote(const LadderInput& in, Ladder& ladder) override {
    rounding_.with([&](const auto& prices) { quote_at(prices, in, ladder); });
  }

 private:
  template <class Prices>
  void quote_at(const Prices& prices, const LadderInput& in, Ladder& ladder) {
    auto& level = ladder.levels[0];
    for (int lane = 0; lane < in.lanes; ++lane) {
      const auto one = std::min(static_cast<std::size_t>(lane), strategies_.size() - 1);
      lanes_.inventory[0] = in.position[lane] / quantities_[one];
      strategies_[one]->quote(horizons_[one] > 0.0 ? horizons_[one] : in.time_left, lanes_,
                              quotes_);
      const double bid = quotes_.bid_distance[0], ask = quotes_.ask_distance[0];
      ladder.reservation[lane] = in.open + 0.5 * (ask - bid);
      level.bid[lane] = prices(in.open - bid);
      level.ask[lane] = prices(in.open + ask);
      level.bid_size[lane] = bid < no_quote<double> ? quantities_[one] : 0.0;
      level.ask_size[lane] = ask < no_quote<double> ? quantities_[one] : 0.0;
    }
  }

  std::vector<std::unique_ptr<Strategy<double>>> strategies_;
  std::vector<double> horizons_, quantities_;
  Rounding rounding_;
  Lanes<double> lanes_{};
  Quotes<double> quotes_{};
};

}  // namespace

double quoting_horizon(const Scenario& scenario, std::int64_t steps) {
  const double running = scenario.strategy.horizon, dt = scenario.market.dt;
  const bool runs = scenario.strategy.name == StrategyName::glft && running > 0.0;
  return dt * (runs ? std::max(std::floor(running / dt + 0.5), 1.0) : static_cast<double>(steps));
}

InventoryRange range_on_tape(Scenario lots, std::int64_t steps) {
  lots.market.horizon = lots.market.dt * static_cast<double>(steps);
  return inventory_range(lots);
}

std::unique_ptr<LadderStrategy> make_ladder_strategy(std::span<const Scenario> lanes,
                                                     std::int64_t steps) {
  switch (lanes[0].strategy.name) {
    case StrategyName::tokyo:
      return std::make_unique<Ruled<TokyoRule>>(lanes);
    case StrategyName::stoikov:
      return std::make_unique<Ruled<StoikovRule>>(lanes);
    case StrategyName::vanilla:
      return std::make_unique<Ruled<StoikovRule>>(lanes);
    case StrategyName::mexico:
      return std::make_unique<Mexico>(lanes);
    case StrategyName::avellaneda_stoikov:
      return std::make_unique<BandLadder>(lanes);
    case StrategyName::symmetric:
    case StrategyName::glft:
      break;
  }
  return std::make_unique<QuotedLadder>(lanes, steps);
}

}  // namespace quotesweep
