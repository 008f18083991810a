#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace quotesweep {

/// A file by its bytes, for everything that must not pass through HDF5. Owns its descriptor.
class RawFile {
 public:
  enum class Mode { read, write };

  /// Opens a file that is there. Throws Error where that fails.
  RawFile(std::string path, Mode mode);
  ~RawFile();
  RawFile(const RawFile&) = delete;
  RawFile& operator=(const RawFile&) = delete;

  std::uint64_t size() const;
  /// Reads or writes all of `bytes` at `offset`. Throws Error where the file ends before, or the
  /// disk fails.
  void read(std::span<std::byte> bytes, std::uint64_t offset) const;
  void write(std::span<const std::byte> bytes, std::uint64_t offset) const;
  /// Reserves blocks up to `size` bytes. Throws Error where the disk has no room.
  void reserve(std::uint64_t size) const;
  /// Returns when data, or data and size, are on the disk.
  void sync_data() const;
  void sync_all() const;

  /// Whether this very file is what stands at `path`.
  bool is_at(const std::string& path) const;
  /// Copies all bytes to a new file at `path`.
  void copy_to(const std::string& path) const;

 private:
  [[noreturn]] void fail(const char* doing, int error) const;

  std::string path_;
  int descriptor_;
};

}  // namespace quotesweep
