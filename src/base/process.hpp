#pragma once

namespace quotesweep {

/// Whether a process of this machine runs or may run again; not where it has ended and nobody has
/// asked for its exit status yet. May be called from a signal handler.
bool is_alive(int process);

}  // namespace quotesweep
