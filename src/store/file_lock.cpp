#include "store/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "base/error.hpp"

namespace quotesweep {

FileLock::FileLock(const std::string& path) : path_(path), lock_path_(path + ".lock") {
  while (!acquire(path)) {
  }
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  const std::string holder = fmt::format("process {} on {}", getpid(), host.data());
  if (ftruncate(descriptor_, 0) == 0 &&
      pwrite(descriptor_, holder.data(), holder.size(), 0) == static_cast<ssize_t>(holder.size()))
    return;
  const int error = errno;
  release();
  throw Error("{}: cannot write its lock file: {}. Choose another folder with -o.", path,
              std::strerror(error));
}

/// False where the lock file was replaced between opening and locking it.
bool FileLock::acquire(const std::string& path) {
  descriptor_ = open(lock_path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ < 0)
    throw Error("{}: cannot write here: {}. Choose another folder with -o.", path,
                std::strerror(errno));
  // One who only looks whether the file is locked holds it for a moment.
  for (int tries = 0; flock(descriptor_, LOCK_EX | LOCK_NB) != 0; ++tries) {
    if (errno != EWOULDBLOCK || tries == 10) fail_to_lock(path, errno);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  struct stat locked = {}, there = {};
  if (fstat(descriptor_, &locked) == 0 && stat(lock_path_.c_str(), &there) == 0 &&
      locked.st_ino == there.st_ino)
    return true;
  close(descriptor_);
  return false;
}

void FileLock::fail_to_lock(const std::string& path, int error) {
  std::array<char, 256> holder{};
  const auto length = pread(descriptor_, holder.data(), holder.size() - 1, 0);
  close(descriptor_);
  if (error != EWOULDBLOCK)
    throw Error("{}: cannot lock {}: {}. Choose a folder on another file system with -o.", path,
                lock_path_, std::strerror(error));
  throw Error("{}: another writer holds this file: {}. Wait for it, or stop it.", path,
              length > 0 ? holder.data() : "unknown process");
}

void FileLock::release() {
  unlink(lock_path_.c_str());
  close(descriptor_);
}

FileLock::~FileLock() {
  release();
}

std::string lock_holder(const std::string& path) {
  const int descriptor = open((path + ".lock").c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return "";
  std::array<char, 256> holder{};
  const bool held = flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  const auto length = held ? pread(descriptor, holder.data(), holder.size() - 1, 0) : 0;
  close(descriptor);
  return held && length <= 0 ? "unknown process" : holder.data();
}

}  // namespace quotesweep
