#pragma once

#include <cstdint>
#include <span>

#include "store/data_map.hpp"
#include "store/raw_file.hpp"

namespace quotesweep {

/// Dataset of group `state` with a checksum per point over what readers see of it: results, paths
/// and seconds, each as its eight stored bytes, in the order of the file. The checksum is the first
/// 52 bits of the SHA-256, so that a double holds it exactly; 0 before the first write.
inline constexpr const char* check_dataset = "checks";

/// The checksum of a point whose stored words these are.
double row_check(std::span<const std::uint64_t> words);

/// The first point in [first, first + count) that is said to be complete or failed although its
/// checksum or its number of paths speaks against it, or `first + count`. What is said to be
/// unfinished may be in the middle of a write.
std::uint64_t first_damaged_point(const RawFile& file, const DataMap& map, std::uint64_t first,
                                  std::uint64_t count);

}  // namespace quotesweep
