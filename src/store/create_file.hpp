#pragma once

#include <string>

#include "store/layout.hpp"

namespace quotesweep {

/// Writes a complete HDF5 file of this layout: coordinates and attributes in place, results filled
/// with NaN, every point pending. All datasets are contiguous and allocated, so that from then on
/// only data bytes change. Throws Error where the file cannot be written.
void create_file(const std::string& path, const Layout& layout);

}  // namespace quotesweep
