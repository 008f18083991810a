#pragma once

#include <string>

#include "tape/tape.hpp"

namespace quotesweep {

/// Reads a tape that `quotesweep-import` has made; see FORMAT.md. Throws Error naming the file
/// where it is missing, no tape, of a newer format, or holds what no tape can.
Tape read_tape(const std::string& path);

}  // namespace quotesweep
