#include "schedule/mpi_session.hpp"

#include <mpi.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "base/process.hpp"
#include "schedule/launcher.hpp"

namespace quotesweep {
namespace {

/// What the launcher has told this process of its rank.
const char* rank_text() {
  for (const char* name : {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"})
    if (const char* text = std::getenv(name); text != nullptr) return text;
  return nullptr;
}

/// Whether this is one rank that stands for all: the first of a job that is all on this machine.
bool leads_local_job() {
  const auto number = [](const char* name) {
    const char* text = std::getenv(name);
    return text != nullptr ? std::atoi(text) : -1;
  };
  return number("OMPI_COMM_WORLD_LOCAL_RANK") == 0 &&
         number("OMPI_COMM_WORLD_LOCAL_SIZE") == number("OMPI_COMM_WORLD_SIZE");
}

}  // namespace

int announced_rank() {
  const char* text = rank_text();
  return text != nullptr ? std::atoi(text) : 0;
}

MpiSession::MpiSession() : active_(rank_text() != nullptr) {
  if (!active_) return;
  if (leads_local_job()) guard_launcher();
  int provided = 0;
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
  MPI_Comm_size(MPI_COMM_WORLD, &size_);
  MPI_Comm local = MPI_COMM_NULL;
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &local);
  MPI_Comm_size(local, &local_size_);
  // Whether rank 0 lives can be seen from its own machine, as long as its process is visible there.
  const int mine = static_cast<int>(getpid()), local_pid = rank_ == 0 ? mine : 0;
  int pid = 0;
  MPI_Allreduce(&local_pid, &pid, 1, MPI_INT, MPI_MAX, local);
  if (pid != 0 && is_alive(pid)) coordinator_ = pid;
  local_processes_.resize(static_cast<std::size_t>(local_size_));
  MPI_Allgather(&mine, 1, MPI_INT, local_processes_.data(), 1, MPI_INT, local);
  MPI_Comm_free(&local);
}

MpiSession::~MpiSession() {
  if (active_) MPI_Finalize();
}

std::string MpiSession::broadcast(std::string text) const {
  if (!active_) return text;
  std::uint64_t size = text.size();
  MPI_Bcast(&size, sizeof size, MPI_BYTE, 0, MPI_COMM_WORLD);
  text.resize(size);
  MPI_Bcast(text.data(), static_cast<int>(size), MPI_BYTE, 0, MPI_COMM_WORLD);
  return text;
}

bool MpiSession::coordinator_died() const {
  return coordinator_ != 0 && !is_alive(coordinator_);
}

void MpiSession::leave(int status) const {
  std::fflush(nullptr);
  const pid_t parent = active_ ? launcher() : 0;
  if (parent != 0) end_job_after_this(parent, local_processes_);
  if (active_ && parent == 0 && size_ > 1) MPI_Abort(MPI_COMM_WORLD, status);
  std::_Exit(status);
}

void MpiSession::abort(int status) const {
  if (active_) MPI_Abort(MPI_COMM_WORLD, status);
  std::_Exit(status);
}

}  // namespace quotesweep
