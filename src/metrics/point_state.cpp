#include "metrics/point_state.hpp"

#include <cstring>
#include <type_traits>

#include <fmt/format.h>

#include "metrics/tail_results.hpp"

namespace quotesweep {

namespace {

static_assert(std::is_trivially_copyable_v<PathSums>);
static_assert(std::is_trivially_copyable_v<QuantileSketch>);
static_assert(std::is_trivially_copyable_v<Moments>);
constexpr std::size_t sums_width = sizeof(PathSums) / sizeof(double);
constexpr std::size_t moments_width = sizeof(Moments) / sizeof(double);
constexpr std::size_t details_width = detail_count * moments_width;
constexpr std::size_t basic_sketches_width = basic_sketch_count * sketch_width;
constexpr std::size_t sketches_width = sketched_quantities.size() * sketch_width;
// The number of doubles tells what a state has.
static_assert(details_width != basic_sketches_width &&
              details_width + sketches_width != basic_sketches_width);

/// Sketches that go with or without details.
std::span<const SketchedQuantity> sketched_with(Detail detail) {
  return std::span(sketched_quantities).first(sketch_count(detail));
}

template <class Record>
void read_records(std::span<const double> doubles, std::vector<Record>& records) {
  records.resize(doubles.size() * sizeof(double) / sizeof(Record));
  if (doubles.empty()) return;
  std::memcpy(static_cast<void*>(records.data()), doubles.data(), doubles.size_bytes());
}

template <class Record>
double* write_records(const std::vector<Record>& records, double* to) {
  if (!records.empty()) std::memcpy(to, records.data(), records.size() * sizeof(Record));
  return to + records.size() * sizeof(Record) / sizeof(double);
}

void add_sketch_columns(std::span<const SketchedQuantity> sketched,
                        std::vector<std::string>& columns) {
  for (const auto& one : sketched) {
    const std::string name(definition_of(one.quantity).name);
    columns.push_back(name + ".sketch.level");
    columns.push_back(name + ".sketch.first");
    for (std::size_t i = 0; i < QuantileSketch::bin_count; ++i)
      columns.push_back(fmt::format("{}.sketch.count_{}", name, i));
  }
}

}  // namespace

std::size_t state_width(const MetricTerms& terms) {
  return sums_width + (terms.detail == Detail::full ? details_width : 0) +
         (terms.quantiles == Quantiles::always ? sketched_with(terms.detail).size() * sketch_width
                                               : 0);
}

void PointState::merge(const PointState& next) {
  if (next.paths == 0.0) return;
  const Moments &pnl = (*this)[PathQuantity::pnl], &next_pnl = next[PathQuantity::pnl];
  const Moments &down = (*this)[PathQuantity::downside_square],
                &next_down = next[PathQuantity::downside_square];
  const double weight = paths * next.paths / (paths + next.paths);
  pnl_downside_cross +=
      next.pnl_downside_cross + (next_pnl.mean - pnl.mean) * (next_down.mean - down.mean) * weight;
  paths += next.paths;
  clamped_fills += next.clamped_fills;
  negative_prices += next.negative_prices;
  losing_paths += next.losing_paths;
  for (std::size_t i = 0; i < moments.size(); ++i) moments[i].merge(next.moments[i]);
  if (details.empty())
    details = next.details;
  else
    for (std::size_t i = 0; i < next.details.size(); ++i) details[i].merge(next.details[i]);
  if (sketches.empty())
    sketches = next.sketches;
  else
    for (std::size_t i = 0; i < next.sketches.size(); ++i) sketches[i].merge(next.sketches[i]);
}

std::vector<std::string> state_columns(const MetricTerms& terms) {
  std::vector<std::string> columns{"paths", "clamped_fills", "negative_prices", "losing_paths",
                                   "pnl_downside_cross"};
  std::vector<std::string> quantities;
  for (const auto& metric : metric_definitions()) quantities.emplace_back(metric.name);
  quantities.emplace_back("downside_square");
  if (terms.detail == Detail::full)
    for (const auto& metric : detail_definitions()) quantities.emplace_back(metric.name);
  for (const auto& quantity : quantities)
    for (const char* part : {".count", ".mean", ".m2", ".m3", ".m4"})
      columns.push_back(quantity + part);
  if (terms.quantiles == Quantiles::always)
    add_sketch_columns(sketched_with(terms.detail), columns);
  return columns;
}

PointState summarise_paths(const PathRows& rows, std::size_t paths, const MetricTerms& terms) {
  PointState state;
  state.paths = static_cast<double>(paths);
  for (std::size_t i = 0; i < state.moments.size(); ++i)
    state.moments[i] = summarise({rows.rows[i], paths});
  const double *clamped = rows[PathQuantity::clamped_fills],
               *negative = rows[PathQuantity::negative_prices],
               *shortfalls = rows[PathQuantity::downside_square];
  for (std::size_t i = 0; i < paths; ++i) {
    state.clamped_fills += clamped[i];
    state.negative_prices += negative[i];
    state.losing_paths += shortfalls[i] > 0.0 ? 1.0 : 0.0;
  }
  state.pnl_downside_cross = cross_sum(
      {rows[PathQuantity::pnl], paths}, state[PathQuantity::pnl].mean,
      {rows[PathQuantity::downside_square], paths}, state[PathQuantity::downside_square].mean);
  if (terms.detail == Detail::full)
    for (int i = 0; i < detail_count; ++i)
      state.details.push_back(summarise({rows[detail(i)], paths}));
  if (terms.quantiles == Quantiles::always)
    for (const auto& [quantity, shape] : sketched_with(terms.detail))
      state.sketches.push_back(sketch_of(shape, {rows[quantity], paths}));
  return state;
}

PointState read_state(std::span<const double> doubles) {
  PointState state;
  std::memcpy(static_cast<void*>(static_cast<PathSums*>(&state)), doubles.data(), sizeof(PathSums));
  auto rest = doubles.subspan(sums_width);
  if (rest.size() == details_width || rest.size() == details_width + sketches_width) {
    read_records(rest.first(details_width), state.details);
    rest = rest.subspan(details_width);
  }
  read_records(rest, state.sketches);
  return state;
}

void write_state(const PointState& state, std::span<double> doubles) {
  std::memcpy(doubles.data(), static_cast<const PathSums*>(&state), sizeof(PathSums));
  write_records(state.sketches, write_records(state.details, doubles.data() + sums_width));
}

}  // namespace quotesweep
