#pragma once

namespace quotesweep {

/// Lets SIGINT, SIGTERM and SIGUSR1 ask for a stop instead of ending the process. A second SIGINT
/// ends it at once.
void catch_interrupts();

/// For ranks that end when rank 0 tells them to: ignores these signals, but after a SIGTERM ends as
/// soon as process `leader` (0: unknown) is dead, even in the middle of a task.
void follow_interrupts(int leader);

/// Name of the signal that has asked for a stop; empty where none has.
const char* interrupted();

}  // namespace quotesweep
