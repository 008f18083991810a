#include "schedule/mpi_session.hpp"

#include <fmt/format.h>
#include <mpi.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <utility>

#include "base/process.hpp"

namespace quotesweep {
namespace {

/// What the launcher has told this process of its rank.
const char* rank_text() {
  for (const char* name : {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"})
    if (const char* text = std::getenv(name); text != nullptr) return text;
  return nullptr;
}

/// Process id of the program that has started this one, where that is an MPI launcher.
pid_t launcher() {
  const pid_t parent = getppid();
  std::ifstream file(fmt::format("/proc/{}/comm", parent));
  std::string name;
  std::getline(file, name);
  for (const char* known : {"mpirun", "mpiexec", "orterun", "orted", "prterun", "prted"})
    if (name == known) return parent;
  return 0;
}

/// Process id of a process's parent, or 0.
pid_t parent_of(pid_t process) {
  std::ifstream file(fmt::format("/proc/{}/stat", process));
  std::string text;
  std::getline(file, text);
  const auto name_end = text.rfind(')');
  return name_end == std::string::npos ? 0 : std::atoi(text.c_str() + name_end + 4);
}

/// A process that outlives rank 0 for a moment. Asked once, Open MPI's launcher takes its time,
/// even where no rank is left; asked again within five seconds, it ends at once.
[[noreturn]] void end_the_rest(pid_t leader, pid_t launcher, const std::vector<int>& others) {
  constexpr timespec moment{0, 10'000'000};
  while (is_alive(leader)) nanosleep(&moment, nullptr);
  for (const int process : others) kill(process, SIGKILL);
  for (int request = 0; request < 3 && is_alive(launcher); ++request) {
    for (int i = 0; i < 100 && is_alive(launcher); ++i) nanosleep(&moment, nullptr);
    kill(launcher, SIGTERM);
  }
  std::_Exit(0);
}

}  // namespace

int announced_rank() {
  const char* text = rank_text();
  return text != nullptr ? std::atoi(text) : 0;
}

MpiSession::MpiSession() : active_(rank_text() != nullptr) {
  if (!active_) return;
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
  const pid_t leader = getpid();
  auto others = local_processes_;  // in another container a number may be somebody else's
  std::erase_if(others, [&](pid_t one) { return one == leader || parent_of(one) != parent; });
  if (parent != 0 && fork() == 0) end_the_rest(leader, parent, others);
  if (active_ && parent == 0 && size_ > 1) MPI_Abort(MPI_COMM_WORLD, status);
  std::_Exit(status);
}

void MpiSession::abort(int status) const {
  if (active_) MPI_Abort(MPI_COMM_WORLD, status);
  std::_Exit(status);
}

}  // namespace quotesweep
