#include <fmt/format.h>

#include <cmath>

#include "app/chosen_path.hpp"
#include "sim/path_trace.hpp"

namespace quotesweep {
namespace {

std::string price(double value) {
  return std::isnan(value) ? "" : fmt::format("{}", value);
}

/// Columns that only some markets have stand last.
void print_csv(const std::vector<TraceStep>& steps) {
  const bool partner = !std::isnan(steps[0].partner_draw),
             imbalance = !std::isnan(steps[0].imbalance_draw);
  fmt::print(
      "step,time,mid,bid,ask,bid_draw,ask_draw,bought,sold,move,next_mid,inventory,cash,equity,"
      "drawdown{}{}\n",
      partner ? ",partner_draw" : "", imbalance ? ",imbalance_draw" : "");
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto& s = steps[i];
    fmt::print("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}", i, s.time, s.mid, price(s.bid),
               price(s.ask), s.bid_draw, s.ask_draw, s.bought, s.sold, s.move, s.next_mid,
               s.inventory, s.cash, s.equity, s.drawdown);
    if (partner) fmt::print(",{}", s.partner_draw);
    if (imbalance) fmt::print(",{}", s.imbalance_draw);
    fmt::print("\n");
  }
}

}  // namespace

int trace(const TraceOptions& options) {
  const auto [study, point] = choose_path(options.study, options.point, options.path);
  print_csv(trace_path(point_input(study, point), study.precision, options.path));
  return exit_complete;
}

}  // namespace quotesweep
