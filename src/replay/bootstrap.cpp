#include "replay/bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/elementary.hpp"
#include "base/philox.hpp"

namespace quotesweep {
namespace {

constexpr std::uint32_t bootstrap_stream = 8;  // of random numbers

double open_uniform(std::uint32_t word) {
  return (static_cast<double>(word) + 0.5) * 0x1p-32;
}

/// A geometric number from 1 on with the mean `mean`, at most `most`.
std::size_t block_length(double uniform, double mean, std::size_t most) {
  if (!(mean > 1.0)) return 1;
  const double length = 1.0 + std::floor(elementary::log(uniform) / elementary::log1p(-1.0 / mean));
  return length < static_cast<double>(most) ? static_cast<std::size_t>(length) : most;
}

}  // namespace

double default_mean_block(std::size_t intervals) {
  const auto n = static_cast<double>(intervals);
  double root = 1.0;
  while (root * root * root < n) root *= 2.0;
  for (int step = 0; step < 12; ++step) root -= (root * root * root - n) / (3.0 * root * root);
  return std::max(1.0, root);
}

double widening(const BootstrapTerms& terms) {
  const double blocks = static_cast<double>(terms.intervals) / std::max(1.0, terms.mean_block);
  if (blocks < least_blocks) return std::numeric_limits<double>::quiet_NaN();
  return std::sqrt(blocks / (blocks - 2.0));
}

std::vector<BootstrapRun> resample(const BootstrapTerms& terms, std::size_t number) {
  std::vector<BootstrapRun> runs;
  const std::size_t n = terms.intervals;
  std::uint32_t block = 0;
  for (std::size_t left = n; left > 0; ++block) {
    const auto words =
        philox({block, static_cast<std::uint32_t>(number), 0, bootstrap_stream}, terms.seed);
    const auto first = static_cast<std::size_t>(open_uniform(words[0]) * static_cast<double>(n));
    const std::size_t length =
        std::min(left, block_length(open_uniform(words[1]), terms.mean_block, n));
    const std::size_t before_end = std::min(length, n - first);
    runs.push_back({static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(before_end)});
    if (length > before_end) runs.push_back({0, static_cast<std::uint32_t>(length - before_end)});
    left -= length;
  }
  return runs;
}

std::vector<std::vector<BootstrapRun>> resample_all(const BootstrapTerms& terms) {
  constexpr double most_runs = 2e6;
  std::vector<std::vector<BootstrapRun>> all;
  const double blocks = static_cast<double>(terms.intervals) / terms.mean_block;
  if (blocks * static_cast<double>(terms.resamples) > most_runs) return all;
  for (std::size_t number = 0; number < terms.resamples; ++number)
    all.push_back(resample(terms, number));
  return all;
}

}  // namespace quotesweep
