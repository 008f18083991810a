#include "store/raw_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace quotesweep {

RawFile::RawFile(std::string path, Mode mode) : path_(std::move(path)), descriptor_(-1) {
  descriptor_ = open(path_.c_str(), (mode == Mode::read ? O_RDONLY : O_RDWR) | O_CLOEXEC);
  if (descriptor_ < 0) fail(mode == Mode::read ? "read" : "write", errno);
}

RawFile::~RawFile() {
  close(descriptor_);
}

void RawFile::fail(const char* doing, int error) const {
  throw Error("{}: cannot {}: {}", path_, doing, std::strerror(error));
}

std::uint64_t RawFile::size() const {
  struct stat about = {};
  if (fstat(descriptor_, &about) != 0) fail("read", errno);
  return static_cast<std::uint64_t>(about.st_size);
}

void RawFile::read(std::span<std::byte> bytes, std::uint64_t offset) const {
  while (!bytes.empty()) {
    const auto count = pread(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("read", errno);
    if (count == 0) throw Error("{}: is truncated: it ends at byte {}", path_, offset);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
}

void RawFile::write(std::span<const std::byte> bytes, std::uint64_t offset) const {
  while (!bytes.empty()) {
    const auto count = pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) fail("write", count < 0 ? errno : EIO);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
}

void RawFile::reserve(std::uint64_t size) const {
  const int error = posix_fallocate(descriptor_, 0, static_cast<off_t>(size));
  if (error != 0) throw Error("{}: cannot reserve {} bytes: {}", path_, size, std::strerror(error));
}

void RawFile::sync_data() const {
  if (fdatasync(descriptor_) != 0) fail("write", errno);
}

void RawFile::sync_all() const {
  if (fsync(descriptor_) != 0) fail("write", errno);
}

bool RawFile::is_at(const std::string& path) const {
  struct stat mine = {}, there = {};
  return fstat(descriptor_, &mine) == 0 && stat(path.c_str(), &there) == 0 &&
         mine.st_ino == there.st_ino && mine.st_dev == there.st_dev;
}

void RawFile::copy_to(const std::string& path) const {
  const int target = open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (target < 0) throw Error("{}: cannot write: {}", path, std::strerror(errno));
  close(target);
  const RawFile copy(path, Mode::write);
  const std::uint64_t all = size();
  copy.reserve(all);
  std::vector<std::byte> buffer(1 << 20);
  for (std::uint64_t offset = 0; offset < all; offset += buffer.size()) {
    const auto part = std::span(buffer).first(
        static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), all - offset)));
    read(part, offset);
    copy.write(part, offset);
  }
  copy.sync_all();
}

}  // namespace quotesweep
