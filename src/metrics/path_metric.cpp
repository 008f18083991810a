#include "metrics/path_metric.hpp"

#include "metrics/activity.hpp"
#include "metrics/clamped_fills.hpp"
#include "metrics/drawdown.hpp"
#include "metrics/returns.hpp"

namespace quotesweep {

template <class Real>
std::vector<std::unique_ptr<PathMetric<Real>>> make_path_metrics(const MetricTerms& terms,
                                                                 const PriceProcess& process,
                                                                 const FillModel& fills,
                                                                 const AccountTerms& account) {
  std::vector<std::unique_ptr<PathMetric<Real>>> metrics;
  metrics.push_back(std::make_unique<Returns<Real>>(terms, process, account.capital));
  metrics.push_back(std::make_unique<Drawdown<Real>>());
  metrics.push_back(std::make_unique<Activity<Real>>(process, account.capital));
  metrics.push_back(std::make_unique<ClampedFills<Real>>(process, fills));
  return metrics;
}

template std::vector<std::unique_ptr<PathMetric<float>>> make_path_metrics(const MetricTerms&,
                                                                           const PriceProcess&,
                                                                           const FillModel&,
                                                                           const AccountTerms&);
template std::vector<std::unique_ptr<PathMetric<double>>> make_path_metrics(const MetricTerms&,
                                                                            const PriceProcess&,
                                                                            const FillModel&,
                                                                            const AccountTerms&);

}  // namespace quotesweep
