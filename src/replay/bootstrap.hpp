#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace quotesweep {

/// Stationary bootstrap of Politis and Romano, "The stationary bootstrap", Journal of the American
/// Statistical Association 89 (1994): a resample is made of blocks that begin anywhere with equal
/// probability, run on circularly, and have geometric lengths.
struct BootstrapTerms {
  std::size_t intervals = 0;  // length of the series and of a resample
  std::size_t resamples = 0;
  double mean_block = 1.0;  // mean length of a block, >= 1
  std::uint64_t seed = 0;
};

/// Mean length of a block where none is asked for: n^(1/3), the rate that minimises the mean
/// squared error of the estimated variance (Politis and White, Econometric Reviews 23 (2004)). It
/// depends on the tape alone. With it the 95 % interval of a Sharpe ratio of 250 and 1,000 normal,
/// heavy-tailed (Student's t of 5 degrees) and autocorrelated (0.2) returns covers in 94 to 96 %
/// (tests/statistics/bootstrap_coverage.cpp). Returns that remember for longer want longer blocks.
double default_mean_block(std::size_t intervals);

/// By how much errors are widened that so few blocks tell, as the standard deviation of Student's t
/// is: sqrt(b / (b - 2)) of b = intervals / mean_block. NaN below `least_blocks`, where intervals
/// cover too little all the same (tests/statistics/every_error.cpp).
double widening(const BootstrapTerms& terms);
inline constexpr double least_blocks = 10.0;

/// A run of neighbouring intervals; it does not reach beyond the end of the series.
struct BootstrapRun {
  std::uint32_t first, count;
};

/// The runs of one resample, which hold `intervals` in all. A pure function of its arguments, so
/// that all points of a sweep are resampled alike.
std::vector<BootstrapRun> resample(const BootstrapTerms& terms, std::size_t number);

/// The runs of all resamples, for many points; none where they would take more than some 16 MB.
std::vector<std::vector<BootstrapRun>> resample_all(const BootstrapTerms& terms);

}  // namespace quotesweep
