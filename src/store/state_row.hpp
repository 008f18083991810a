#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace quotesweep {

/// Datasets of group `state`. A point's state is written to slot `generation % 2`, so that the row
/// before stays whole while its successor is written.
inline constexpr std::array<const char*, 2> state_slots{"slot_0", "slot_1"};

/// A row of a slot: generation (1 for the first write; 0 is an empty row), checksum, then the
/// state. The checksum is the first 52 bits of the SHA-256 over the row with a zero in its place,
/// so that a double holds it exactly.
std::vector<double> make_state_row(std::uint64_t generation, std::span<const double> state);

/// Whether a row is complete and undamaged.
bool valid_state_row(std::span<const double> row);

}  // namespace quotesweep
