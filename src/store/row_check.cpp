#include "store/row_check.hpp"

#include <vector>

#include "base/hash.hpp"
#include "store/layout.hpp"

namespace quotesweep {
namespace {

using Words = std::vector<std::uint64_t>;

/// What one dataset of eight-byte elements holds of some points.
Words read_column(const RawFile& file, const DataPlace& place, std::uint64_t first,
                  std::uint64_t count) {
  Words words(count * place.words);
  file.read(std::as_writable_bytes(std::span(words)),
            place.offset + first * place.words * sizeof(Words::value_type));
  return words;
}

}  // namespace

double row_check(std::span<const std::uint64_t> words) {
  return static_cast<double>(hash_64(std::as_bytes(words)) >> 12);
}

std::uint64_t first_damaged_point(const RawFile& file, const DataMap& map, std::uint64_t first,
                                  std::uint64_t count) {
  // Status first: the rest of a complete point changes no more.
  std::vector<std::int8_t> status(count);
  file.read(std::as_writable_bytes(std::span(status)), map.status.offset + first);
  std::vector<Words> columns;
  for (const auto& place : map.results) columns.push_back(read_column(file, place, first, count));
  columns.push_back(read_column(file, map.paths, first, count));
  columns.push_back(read_column(file, map.seconds, first, count));
  std::vector<double> checks(count);
  file.read(std::as_writable_bytes(std::span(checks)), map.checks.offset + first * sizeof(double));
  const Words& paths = columns[map.results.size()];
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto said = static_cast<PointStatus>(status[i]);
    if (said == PointStatus::pending || said == PointStatus::partial) continue;
    const bool known = said == PointStatus::complete || said == PointStatus::failed;
    if (!known || (paths[i] > 0) != (said == PointStatus::complete)) return first + i;
    Words row;
    for (const auto& column : columns) {
      const auto words =
          std::span(column).subspan(i * column.size() / count, column.size() / count);
      row.insert(row.end(), words.begin(), words.end());
    }
    if (row_check(row) != checks[i]) return first + i;
  }
  return first + count;
}

}  // namespace quotesweep
