#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace quotesweep {

/// A histogram that fits itself to its values: quantiles and tail means of any number of values in
/// fixed space, with a known error.
///
/// Bins are [i w, (i + 1) w) with a width w that is a power of two: the smallest with which all
/// values fall into `bin_count` neighbouring bins. Where more values need wider bins, neighbours
/// are merged in pairs, exactly. Width, place and counts are therefore functions of the set of
/// values: merging gives the same bits in any order. (The collapsing of UDDSketch, Epicoco et al.,
/// IEEE Access 8 (2020), on evenly spaced bins.) A plain record of doubles.
struct QuantileSketch {
  static constexpr std::size_t bin_count = 256;

  double level = 0.0;  // log2 of the bin width
  double first = 0.0;  // number i of the first bin, which is not empty
  std::array<double, bin_count> counts{};

  void merge(const QuantileSketch& other);

  double count() const;
  double width() const;

  /// The value below which a share p (0 < p < 1) of all values lies; NaN without values. Within a
  /// bin the density is taken as linear with the slope of the neighbouring bins. It differs from
  /// the quantile of the values by less than a bin width.
  double quantile(double p) const;

  /// Mean, and mean square distance from `about`, of the values below the quantile p.
  struct Tail {
    double mean, spread;
  };
  Tail below(double p, double about) const;
};

inline constexpr std::size_t sketch_width = sizeof(QuantileSketch) / sizeof(double);

/// The sketch of these values. Those that are not finite are left out.
QuantileSketch sketch(std::span<const double> values);

}  // namespace quotesweep
