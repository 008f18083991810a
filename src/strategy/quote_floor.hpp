#pragma once

#include <utility>

#include "strategy/strategy.hpp"

namespace quotesweep {

/// Another strategy's quotes, never on the wrong side of the mid: negative distances become zero.
template <class Real>
class QuoteFloor final : public Strategy<Real> {
 public:
  explicit QuoteFloor(std::unique_ptr<Strategy<Real>> inner) : inner_(std::move(inner)) {}

  void quote(double time_left, const Lanes<Real>& lanes, Quotes<Real>& quotes) override {
    inner_->quote(time_left, lanes, quotes);
    floor(quotes);
  }
  void quote_with(const Real* variance, double time_left, const Lanes<Real>& lanes,
                  Quotes<Real>& quotes) override {
    inner_->quote_with(variance, time_left, lanes, quotes);
    floor(quotes);
  }

  bool lines(std::span<const double> times_left, std::span<QuoteLine> lines) const override {
    if (!inner_->lines(times_left, lines)) return false;
    for (auto& line : lines) line.floored = true;
    return true;
  }

 private:
  static void floor(Quotes<Real>& quotes) {
#pragma omp simd
    for (int lane = 0; lane < lane_count; ++lane) {
      const Real bid = quotes.bid_distance[lane], ask = quotes.ask_distance[lane];
      quotes.bid_distance[lane] = bid > Real(0) ? bid : Real(0);
      quotes.ask_distance[lane] = ask > Real(0) ? ask : Real(0);
    }
  }

  std::unique_ptr<Strategy<Real>> inner_;
};

}  // namespace quotesweep
