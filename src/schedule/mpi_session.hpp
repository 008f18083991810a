#pragma once

#include <string>
#include <vector>

namespace quotesweep {

/// The rank that a launcher gives this process, known before MPI has started; 0 without a launcher.
int announced_rank();

/// MPI for as long as it lives, where a launcher (mpirun, srun) has started this process; otherwise
/// a world of one rank, without touching MPI. Only the thread that made it calls MPI.
class MpiSession {
 public:
  MpiSession();
  ~MpiSession();
  MpiSession(const MpiSession&) = delete;
  MpiSession& operator=(const MpiSession&) = delete;

  int rank() const { return rank_; }
  int size() const { return size_; }
  /// Number of ranks on this machine.
  int local_size() const { return local_size_; }

  /// Sends a text from rank 0 to all; every rank calls it and gets the text.
  std::string broadcast(std::string text) const;
  /// Process id of rank 0, where it is on this machine; otherwise 0.
  int coordinator() const { return coordinator_; }
  /// Whether rank 0 is known to be dead; only seen from its own machine.
  bool coordinator_died() const;

  /// Ends this process, and the job with it, where other ranks are dead or stuck and MPI's own end
  /// would wait for them: ends those on this machine and tells the launcher to end the rest. For
  /// rank 0, with all work on disk.
  [[noreturn]] void leave(int status) const;
  /// Ends all ranks at once with this exit status; for errors that others cannot learn of
  /// otherwise.
  [[noreturn]] void abort(int status) const;

 private:
  int rank_ = 0, size_ = 1, local_size_ = 1;
  int coordinator_ = 0;
  std::vector<int> local_processes_;  // ids, where they are visible
  bool active_ = false;
};

}  // namespace quotesweep
