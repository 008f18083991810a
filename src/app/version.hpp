#pragma once

namespace quotesweep {

extern const char* const program_version;  // such as "0.1.0"
extern const char* const git_commit;       // of the source, or "unknown"

}  // namespace quotesweep
