#include "schedule/launcher.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "base/process.hpp"

namespace quotesweep {
namespace {

constexpr int patience = 10;  // with a launcher that has nothing left to wait for [s]
constexpr int grace = 5;      // from asking it to end to killing it [s]

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Process id of a process's parent, or 0.
pid_t parent_of(pid_t process) {
  const auto text = content(fmt::format("/proc/{}/stat", process));
  const auto name_end = text.rfind(')');
  return name_end == std::string::npos ? 0 : std::atoi(text.c_str() + name_end + 4);
}

/// Whether a process has others than this one, which it may have inherited, to wait for.
bool has_children(pid_t parent) {
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", gone)) {
    const pid_t process = std::atoi(entry.path().filename().c_str());
    if (process > 0 && process != getpid() && parent_of(process) == parent && is_alive(process))
      return true;
  }
  return false;
}

/// Shows a text in place of this program's command line, as far as it is long enough.
void show_as(const char* text) {
  const auto room = content("/proc/self/cmdline").size();
  char* shown = program_invocation_name;  // the first of the arguments, which lie in a row
  std::memset(shown, 0, room);
  std::memcpy(shown, text, std::min(room, std::strlen(text)));
}

/// Closes all files but one, whose number is given back, so that nobody waits for their end.
int keep_only(int file) {
  constexpr int kept = 3;
  const int nothing = open("/dev/null", O_RDWR);
  for (const int standard : {0, 1, 2}) dup2(nothing, standard);
  dup2(file, kept);
  syscall(SYS_close_range, kept + 1, ~0U, 0);
  return kept;
}

/// `handle` stands for the launcher's process, whoever may get its number later.
[[noreturn]] void guard(pid_t launcher, int handle, pid_t rank) {
  setsid();  // out of the group that the launcher kills
  if (chdir("/") != 0) std::_Exit(1);
  show_as("quotesweep: waits for the launcher's end");
  pollfd end{keep_only(handle), POLLIN, 0};
  for (int idle = 0; idle <= patience + grace;) {
    if (poll(&end, 1, 1000) > 0) break;
    idle = is_alive(rank) || has_children(launcher) ? 0 : idle + 1;
    const int number = idle == patience ? SIGTERM : idle == patience + grace ? SIGKILL : 0;
    if (number != 0) syscall(SYS_pidfd_send_signal, end.fd, number, nullptr, 0);
  }
  std::_Exit(0);
}

/// Asked once, Open MPI's launcher takes its time, even where no rank is left; asked again within
/// five seconds, it ends at once.
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

pid_t launcher() {
  const pid_t parent = getppid();
  const auto name = content(fmt::format("/proc/{}/comm", parent));
  for (const char* known :
       {"mpirun\n", "mpiexec\n", "orterun\n", "orted\n", "prterun\n", "prted\n"})
    if (name == known) return parent;
  return 0;
}

void guard_launcher() {
  const pid_t parent = launcher(), rank = getpid();
  if (parent == 0) return;
  const auto handle = static_cast<int>(syscall(SYS_pidfd_open, parent, 0));
  if (handle < 0) return;  // Linux before 5.3
  if (fork() == 0) guard(parent, handle, rank);
  close(handle);
}

void end_job_after_this(pid_t launcher, const std::vector<int>& others) {
  const pid_t leader = getpid();
  auto ended = others;  // in another container a number may be somebody else's
  std::erase_if(ended, [&](pid_t one) { return one == leader || parent_of(one) != launcher; });
  if (fork() == 0) end_the_rest(leader, launcher, ended);
}

}  // namespace quotesweep
