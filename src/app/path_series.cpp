#include "app/path_series.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <utility>

#include "base/error.hpp"

namespace quotesweep {
namespace {

constexpr const char* header =
    "step,time,mid,bid,ask,bought,sold,bought_price,sold_price,trades,inventory,equity,drawdown,"
    "imbalance,volatility,pair_signal,pair_units,stopped\n";

/// Prices of single-precision lanes have no more digits than this.
std::string price(double value) {
  return std::isnan(value) ? "" : fmt::format("{:.10g}", value);
}

std::string exact(double value) {
  return std::isnan(value) ? "" : fmt::format("{}", value);
}

const char* reason(StopReason stop) {
  constexpr const char* words[] = {"", "drawdown", "var", "kill"};
  return words[stop];
}

[[noreturn]] void fail(const std::string& path, int error) {
  throw Error("-o {}: cannot be written ({}); choose another place", path, std::strerror(error));
}

}  // namespace

PathSeries::PathSeries(std::string path) : path_(std::move(path)) {
  if (!path_.ends_with(".csv"))
    throw Error("-o {}: the series of a path is written as CSV; name it FILE.csv", path_);
  file_.reset(std::fopen(path_.c_str(), "w"));
  if (!file_) fail(path_, errno);
  fmt::print(file_.get(), "{}", header);
}

void PathSeries::add(const Stretch& s) {
  fmt::print(file_.get(), "{},{:.12g},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", s.step,
             s.time, price(s.mid), price(s.bid), price(s.ask), s.bought, s.sold,
             price(s.bought_value / s.bought), price(s.sold_value / s.sold), s.trades, s.inventory,
             s.equity, s.drawdown, price(s.imbalance), price(s.volatility), price(s.pair_signal),
             exact(s.pair_units), reason(s.stop));
}

void PathSeries::close() {
  const bool failed = std::ferror(file_.get()) != 0;
  if (std::fclose(file_.release()) != 0 || failed) fail(path_, errno);
}

}  // namespace quotesweep
