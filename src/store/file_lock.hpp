#pragma once

#include <string>

namespace quotesweep {

/// Keeps other writers away from a file for as long as it lives, by a lock on `<file>.lock`, which
/// names the holder. The kernel drops the lock of a process that died. Readers are not affected.
class FileLock {
 public:
  /// Throws Error with the other's host and process id where the file is locked.
  explicit FileLock(const std::string& path);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  bool acquire(const std::string& path);
  [[noreturn]] void fail_to_lock(const std::string& path, int error);
  void release();

  std::string lock_path_;
  int descriptor_ = -1;
};

}  // namespace quotesweep
