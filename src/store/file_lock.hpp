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

  /// The file that is kept.
  const std::string& path() const { return path_; }

 private:
  bool acquire(const std::string& path);
  [[noreturn]] void fail_to_lock(const std::string& path, int error);
  void release();

  std::string path_, lock_path_;
  int descriptor_ = -1;
};

/// Who holds the lock of a file ("process 12 on host"), or "" where nobody does.
std::string lock_holder(const std::string& path);

}  // namespace quotesweep
