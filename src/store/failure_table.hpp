#pragma once

#include <cstddef>

namespace quotesweep {

/// Dataset of group `state` with the messages of failed points: fixed-length texts "point N: why",
/// padded with zeros, the first `failure_rows` failures of a run.
inline constexpr const char* failure_dataset = "failures";
inline constexpr std::size_t failure_rows = 256;
inline constexpr std::size_t failure_length = 256;

}  // namespace quotesweep
