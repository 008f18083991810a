#include <bit>
#include <cstdint>

#include "base/error.hpp"
#include "metrics/path_metric.hpp"

namespace quotesweep {
namespace {

/// Numbers of every row that is there, `body(name, row)`.
template <class Body>
void each_row(const PathRows& rows, Body body) {
  for (std::size_t i = 0; i < rows.rows.size() && rows.rows[i] != nullptr; ++i)
    body(static_cast<PathQuantity>(i), rows.rows[i]);
}

/// A NaN that nobody computes.
constexpr std::uint64_t unwritten = 0x7FF8'5155'4F54'4553;

}  // namespace

void mark_unwritten(const PathRows& rows, std::size_t paths) {
  each_row(rows, [&](PathQuantity, double* row) {
    for (std::size_t path = 0; path < paths; path += lane_count)
      row[path] = std::bit_cast<double>(unwritten);
  });
}

void check_written(const PathRows& rows, std::size_t paths) {
  each_row(rows, [&](PathQuantity quantity, const double* row) {
    for (std::size_t path = 0; path < paths; path += lane_count)
      if (std::bit_cast<std::uint64_t>(row[path]) == unwritten)
        throw Error(
            "{} (path quantity {}) was not measured: no path metric has written its row. Write it "
            "in `finish` of a metric that make_further_metrics returns for every study.",
            name_of(quantity), static_cast<int>(quantity));
  });
}

void count_in_units(const PathRows& rows, std::size_t paths, double lot) {
  if (lot == 1.0) return;
  each_row(rows, [&](PathQuantity quantity, double* row) {
    for (int power = powers_of_lot(quantity); power > 0; --power)
      for (std::size_t path = 0; path < paths; ++path) row[path] *= lot;
  });
}

}  // namespace quotesweep
