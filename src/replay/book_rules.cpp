#include "replay/book_rules.hpp"

#include <algorithm>

#include "replay/ladder.hpp"

namespace quotesweep {
namespace {

/// A limit as it is, or out of reach where it is 0.
double limit_or_none(double limit) {
  return limit > 0.0 ? limit : unreachable;
}

}  // namespace

void settle_counts(TradeCounts& counts, int lanes) {
  for (int lane = 0; lane < lanes; ++lane) {
    const auto tally = static_cast<std::int64_t>(counts.tally[lane]);
    constexpr std::int64_t mask = most_tallied;
    counts.sent[lane] += static_cast<double>(tally & mask);
    counts.rejected_value[lane] += static_cast<double>((tally >> 17) & mask);
    counts.rejected_room[lane] += static_cast<double>(tally >> 34);
    counts.tally[lane] = 0.0;
  }
}

BookTerms::BookTerms(std::span<const Scenario> lanes, int symbols)
    : rule(lanes[0].orders.rule),
      worse(lanes[0].orders.order == FillOrder::worse && rule != FillRule::path),
      origin(lanes[0].ladder.origin_conventions),
      cuts(lanes[0].orders.no_room == NoRoom::cut),
      post_only(lanes[0].orders.post_only),
      levels(static_cast<std::size_t>(lanes[0].ladder.levels)),
      depth(static_cast<std::size_t>(lanes[0].orders.life + lanes[0].orders.latency)),
      latency(static_cast<std::size_t>(lanes[0].orders.latency)),
      // In the origin strategies say prices between ticks; nothing there compares whole ones.
      prices{origin ? 0.0 : lanes[0].book.tick},
      through(rule != FillRule::trade_through ? 0.0
              : origin                        ? lanes[0].book.tick * (1.0 - TickGrid::tolerance)
                                              : lanes[0].book.tick / prices.unit()),
      maker_fee(column(lanes, [](const Scenario& s) { return s.account.fee_of_fill(); })),
      taker_fee(column(lanes, [](const Scenario& s) { return 1e-4 * s.account.taker_fee_bps; })),
      lot(column(lanes, [](const Scenario& s) { return s.orders.lot; })),
      min_value(column(lanes, [](const Scenario& s) { return s.orders.min_value; })),
      slippage(column(lanes, [](const Scenario& s) { return s.risk.slippage * s.book.tick; })),
      max_leverage(
          column(lanes, [](const Scenario& s) { return limit_or_none(s.margin.max_leverage); })),
      order_leverage(column(lanes,
                            [&](const Scenario& s) {
                              return limit_or_none(s.margin.max_leverage) / (origin ? symbols : 1);
                            })),
      emergency(column(lanes,
                       [&](const Scenario& s) {
                         return limit_or_none(s.margin.emergency_leverage) / (origin ? symbols : 1);
                       })),
      exit_leverage(column(lanes,
                           [&](const Scenario& s) {
                             // In the origin the leverages of symbols add up, each on its share of
                             // the margin.
                             return s.margin.emergency_leverage > 0.0
                                        ? limit_or_none(s.margin.max_leverage) /
                                              (origin ? symbols : 1)
                                        : unreachable;
                           })),
      q_max(column(lanes, [](const Scenario& s) { return std::min(s.risk.q_max, unreachable); })) {
  for (const auto& lane : lanes) has_lots = has_lots || lane.orders.lot > 0.0;
}

}  // namespace quotesweep
