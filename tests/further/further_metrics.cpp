#include <catch2/catch.hpp>
#include <memory>

#include "experiment/one_point.hpp"
#include "experiment/parameter.hpp"
#include "replay/complete_replay.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

/// What the metric has seen of the first lane since it was asked.
struct Seen {
  int steps = 0, finished = 0;
  double fills = 0.0, value = 0.0, inventory = 0.0;
};
Seen seen;
bool measures = true;

template <class Real>
struct Onlooker final : PathMetric<Real> {
  void begin(const Lanes<Real>& lanes) override {
    seen = {};
    seen.inventory = static_cast<double>(lanes.inventory[0]);
  }
  void observe(const Quotes<Real>&, const Lanes<Real>& lanes) override {
    ++seen.steps;
    seen.fills += static_cast<double>(lanes.bid_filled[0] + lanes.ask_filled[0]);
    seen.value += static_cast<double>(lanes.traded_value[0]);
    seen.inventory += static_cast<double>(lanes.bid_filled[0] - lanes.ask_filled[0]);
    REQUIRE(seen.inventory == static_cast<double>(lanes.inventory[0]));
  }
  void settle(const Lanes<Real>&) override {}
  void finish(const Lanes<Real>&, const PathRows& rows) override {
    ++seen.finished;
    CHECK(rows[PathQuantity::pnl] != nullptr);
  }
};

/// A study of one path, so that what is seen of it is what it leaves.
Study one_path(Detail detail, Precision precision) {
  Study study;
  study.paths = study.block = 1;
  study.precision = precision;
  study.choose_precision = false;
  auto& s = study.scenario;
  s.risk.q_max = 3.0;
  s.account = {.initial_inventory = 2.0, .maker_fee = 0.001};
  s.metrics.detail = detail;
  return study;
}

}  // namespace

namespace quotesweep {

template <class Real>
std::vector<std::unique_ptr<PathMetric<Real>>> make_further_metrics(const MetricTerms&,
                                                                    const PriceProcess&,
                                                                    const FillModel&,
                                                                    const AccountTerms&) {
  std::vector<std::unique_ptr<PathMetric<Real>>> all;
  if (measures) all.push_back(std::make_unique<Onlooker<Real>>());
  return all;
}

template std::vector<std::unique_ptr<PathMetric<float>>> make_further_metrics(const MetricTerms&,
                                                                              const PriceProcess&,
                                                                              const FillModel&,
                                                                              const AccountTerms&);
template std::vector<std::unique_ptr<PathMetric<double>>> make_further_metrics(const MetricTerms&,
                                                                               const PriceProcess&,
                                                                               const FillModel&,
                                                                               const AccountTerms&);

}  // namespace quotesweep

TEST_CASE("a further metric sees every step of every engine of simulated paths", "[metrics]") {
  for (const auto precision : {Precision::single_, Precision::double_})
    for (const auto detail : {Detail::basic, Detail::full}) {
      CAPTURE(static_cast<int>(precision), static_cast<int>(detail));
      seen = {};
      const auto results = results_by_name(one_path(detail, precision));
      CHECK(seen.finished == 1);
      CHECK(seen.steps == 200);
      CHECK(seen.fills == results.at("trades").value);
      CHECK(seen.fills > 20.0);
      CHECK(seen.value / 1000.0 == Approx(results.at("turnover").value).epsilon(1e-5));
      CHECK(seen.inventory == results.at("terminal_inventory").value);
    }
}

TEST_CASE("a study whose replay would forget a further metric is refused", "[metrics]") {
  Study study;
  study.scenario = complete_replay(1);
  study.scenario.book.tick = 0.0;
  study.tape = std::make_shared<const Tape>(walk_tape(100));
  measures = true;
  CHECK_THROWS_WITH(check_points(study), Catch::Matchers::Contains("make_further_metrics") &&
                                             Catch::Matchers::Contains("without 'tape'"));
  measures = false;
  CHECK_NOTHROW(check_points(study));
  measures = true;
}
