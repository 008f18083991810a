#pragma once

#include <string>

namespace quotesweep {

/// The text of a file. Throws Error where it is missing, a folder, not readable or too large to be
/// a study.
std::string read_file(const std::string& path);

}  // namespace quotesweep
