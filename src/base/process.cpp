#include "base/process.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace quotesweep {
namespace {

/// Writes "/proc/<process>/stat"; formatting functions may not be called from a signal handler.
void write_path(int process, char* to) {
  std::array<char, 12> digits{};
  char* first = digits.end() - 1;
  for (; process > 0; process /= 10) *--first = static_cast<char>('0' + process % 10);
  std::strcpy(to, "/proc/");
  std::strcat(to, first);
  std::strcat(to, "/stat");
}

}  // namespace

bool is_alive(int process) {
  if (kill(process, 0) != 0) return errno != ESRCH;
  std::array<char, 64> path{};
  write_path(process, path.data());
  const int descriptor = open(path.data(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return true;  // cannot be seen, but was there just now
  std::array<char, 256> text{};
  const auto length = read(descriptor, text.data(), text.size() - 1);
  close(descriptor);
  const char* name_end = length > 0 ? std::strrchr(text.data(), ')') : nullptr;
  return name_end == nullptr || (name_end[2] != 'Z' && name_end[2] != 'X');
}

}  // namespace quotesweep
