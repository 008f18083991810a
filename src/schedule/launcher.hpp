#pragma once

#include <sys/types.h>

#include <vector>

/// The program that starts MPI ranks on this machine: Open MPI's mpirun or its daemon.
namespace quotesweep {

/// Process id of the launcher that has started this process; 0 where something else has.
pid_t launcher();

/// Leaves a process behind that ends the launcher where it does not end by itself when none of its
/// processes is left: asks after ten seconds, kills after fifteen. Open MPI 4.1 with PMIx 4.2 may
/// wait for a lock in freed memory when a rank dies while it connects (in MPI_Init). For one rank
/// of a job that is all on this machine, before MPI starts, while there is one thread.
void guard_launcher();

/// Leaves a process behind that waits for the end of this one, ends `others`, and asks the launcher
/// to end the rest.
void end_job_after_this(pid_t launcher, const std::vector<int>& others);

}  // namespace quotesweep
