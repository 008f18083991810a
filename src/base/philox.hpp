#pragma once

#include <array>
#include <cstdint>

namespace quotesweep {

/// Philox4x32-10, a counter-based random number generator: a pure function from a counter and a key
/// to four independent 32-bit words, so that nothing depends on rank, thread or order.
/// Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
using PhiloxWords = std::array<std::uint32_t, 4>;

/// The words of one counter. `key` is split into its low and high half.
PhiloxWords philox(const PhiloxWords& counter, std::uint64_t key);

/// Number of paths that `philox_paths` serves in one call.
inline constexpr int philox_batch = 8;

/// Words of `philox_batch` consecutive paths at one step: word w of path `first_path + i` goes to
/// `words[w][i]`. The counter is (path low, path high, step, stream). The same bits as `philox`.
void philox_paths(std::uint64_t key, std::uint64_t first_path, std::uint32_t step,
                  std::uint32_t stream, std::uint32_t (&words)[4][philox_batch]);

}  // namespace quotesweep
