#pragma once

#include <cstdint>
#include <string>

#include "experiment/study.hpp"

namespace quotesweep {

/// Names of the files in which a recorded point's series and trades are: FILE.point7.csv and
/// FILE.point7.trades.csv beside FILE.h5.
struct RecordFiles {
  std::string series, trades;
};
RecordFiles record_files(const std::string& output, std::uint64_t point);

/// Replays the points that the study records once more, and writes a row per bar, and one per
/// trade, of each. Throws Error where a file cannot be written. Returns how many points there were.
std::size_t write_records(const Study& study);

/// Whether all files of `write_records` are there.
bool has_records(const Study& study);

}  // namespace quotesweep
