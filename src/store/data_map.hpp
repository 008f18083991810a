#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace quotesweep {

/// Where a dataset's bytes lie in the file.
struct DataPlace {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
  std::uint64_t words = 1;  // of eight bytes per point, for results
};

/// Places of everything in a results file that is overwritten after it was laid out.
struct DataMap {
  std::vector<DataPlace> results;  // in the order of the file
  DataPlace paths, status, seconds;
  std::array<DataPlace, 2> slots;  // of the resumable state
  DataPlace checks, failures;

  std::vector<DataPlace> all() const;
};

/// Reads the places from the file's metadata. Throws Error where it is no results file.
DataMap map_data(const std::string& path);

}  // namespace quotesweep
