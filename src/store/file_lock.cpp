#include "store/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace quotesweep {

FileLock::FileLock(const std::string& path) : path_(path + ".lock") {
  while (!acquire()) {
  }
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  const std::string holder = fmt::format("process {} on {}\n", getpid(), host.data());
  if (ftruncate(descriptor_, 0) != 0 ||
      pwrite(descriptor_, holder.data(), holder.size(), 0) != static_cast<ssize_t>(holder.size()))
    throw Error("{}: cannot write the lock file: {}", path_, std::strerror(errno));
}

/// False where the file was replaced between opening and locking it.
bool FileLock::acquire() {
  descriptor_ = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ < 0)
    throw Error("{}: cannot write here: {}. Choose another folder with -o.", path_,
                std::strerror(errno));
  if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    std::array<char, 256> holder{};
    const auto length = pread(descriptor_, holder.data(), holder.size() - 1, 0);
    close(descriptor_);
    throw Error("{}: another writer holds this file: {}Wait for it, or stop it.", path_,
                length > 0 ? holder.data() : "unknown process\n");
  }
  struct stat locked {}, there {};
  if (fstat(descriptor_, &locked) == 0 && stat(path_.c_str(), &there) == 0 &&
      locked.st_ino == there.st_ino)
    return true;
  close(descriptor_);
  return false;
}

FileLock::~FileLock() {
  unlink(path_.c_str());
  close(descriptor_);
}

}  // namespace quotesweep
