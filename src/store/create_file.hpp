#pragma once

#include <cstdint>
#include <string>

#include "store/layout.hpp"

namespace quotesweep {

/// Writes a complete HDF5 file of this layout: coordinates and attributes in place, results filled
/// with NaN, every point pending. All datasets are contiguous and allocated, so that from then on
/// only data bytes change. Throws Error where the file cannot be written.
void create_file(const std::string& path, const Layout& layout);

/// Bytes of a results file of this layout, to a few kB. Writes nothing: it makes the file, or where
/// that is large the file of one point, in memory.
std::uint64_t predict_size(const Layout& layout);

}  // namespace quotesweep
