#pragma once

#include <string>
#include <vector>

#include "store/data_map.hpp"

namespace quotesweep {

/// Appends a seal to a file that has just been laid out: a SHA-256 over everything that will never
/// be overwritten (metadata, attributes, coordinates), so that damage there is found before HDF5,
/// which may crash on it, looks at the file. FORMAT.md describes its bytes.
void seal(const std::string& path, const DataMap& map);

/// Throws Error where the file is no results file, is truncated, or its sealed part has changed.
void check_seal(const std::string& path);

}  // namespace quotesweep
