#pragma once

#include <span>

namespace quotesweep {

/// Count, mean and central sums of a sample, to the fourth power; mergeable and stable.
/// Source: Pebay, "Formulas for robust, one-pass parallel computation of covariances and
/// arbitrary-order statistical moments", Sandia report SAND2008-6212.
struct Moments {
  double count = 0.0;
  double mean = 0.0;
  double m2 = 0.0, m3 = 0.0, m4 = 0.0;  // sums of (x - mean)^p

  void merge(const Moments& next);

  double variance() const;        // ddof 1; NaN below two values
  double standard_error() const;  // of the mean: sd / sqrt(count)
  double skewness() const;        // population form, m3/n / (m2/n)^(3/2)
  double kurtosis() const;        // population form, 3 for a normal law

  /// Whether the sample is large enough to tell the standard error of its mean to an eleventh,
  /// one standard deviation: sqrt((kurtosis - 1) / (4 count)) <= 1/11. Of a normal law that takes
  /// 60 values; of zeros and rare ones 30 of those. True where the values do not vary.
  bool tells_error() const;
};

/// How many of something an error must rest on; see Moments::tells_error.
inline constexpr double least_events = 30.0;

/// Moments of the values that are not NaN. The order of additions is fixed (16 interleaved partial
/// sums, then those in order), so the result does not depend on the vector width.
Moments summarise(std::span<const double> values);

/// Sum of (x - mean x)(y - mean y) over a sample without NaN, in the same fixed order.
double cross_sum(std::span<const double> x, double mean_x, std::span<const double> y,
                 double mean_y);

}  // namespace quotesweep
