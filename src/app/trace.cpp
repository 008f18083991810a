#include <fmt/format.h>

#include <cmath>

#include "app/commands.hpp"
#include "base/error.hpp"
#include "config/read_point.hpp"
#include "sim/path_trace.hpp"

namespace quotesweep {
namespace {

std::string price(double value) {
  return std::isnan(value) ? "" : fmt::format("{}", value);
}

void print_csv(const std::vector<TraceStep>& steps) {
  fmt::print(
      "step,time,mid,bid,ask,bid_draw,ask_draw,bought,sold,move,next_mid,inventory,cash,equity,"
      "drawdown\n");
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto& s = steps[i];
    fmt::print("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", i, s.time, s.mid, price(s.bid),
               price(s.ask), s.bid_draw, s.ask_draw, s.bought, s.sold, s.move, s.next_mid,
               s.inventory, s.cash, s.equity, s.drawdown);
  }
}

}  // namespace

int trace(const TraceOptions& options) {
  const auto [study, point] =
      read_point(options.study.study, options.study.overrides, options.point);
  const std::uint64_t paths = study.blocks() * study.block;
  if (options.path >= paths)
    throw Error("--path {}: the study has paths 0 to {}", options.path, paths - 1);
  fmt::print(stderr, "{}: point {}{}, path {} of {}, {} precision\n", study.name, point,
             study.design.axes.empty() ? "" : " (" + point_text(study, point) + ")", options.path,
             paths, study.precision == Precision::single_ ? "single" : "double");
  print_csv(trace_path(point_input(study, point), study.precision, options.path));
  return exit_complete;
}

}  // namespace quotesweep
