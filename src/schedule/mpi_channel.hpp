#pragma once

#include <memory>
#include <string>

#include "schedule/channel.hpp"

namespace quotesweep {

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
  /// Ends all ranks at once with this exit status; for errors that others cannot learn of
  /// otherwise.
  [[noreturn]] void abort(int status) const;

 private:
  int rank_ = 0, size_ = 1, local_size_ = 1;
  bool active_ = false;
};

/// Rank 0's channel to ranks 1, 2, ...: worker w is rank w + 1.
std::unique_ptr<Channel> make_mpi_channel(const MpiSession& session);

/// The port of a rank above 0.
std::unique_ptr<WorkerPort> make_mpi_port(const MpiSession& session);

}  // namespace quotesweep
