#include "metrics/path_metric.hpp"

namespace quotesweep {

template <class Real>
std::vector<std::unique_ptr<PathMetric<Real>>> make_further_metrics(const MetricTerms&,
                                                                    const PriceProcess&,
                                                                    const FillModel&,
                                                                    const AccountTerms&) {
  return {};
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
