#pragma once

#include <hdf5.h>

#include <string>
#include <utility>

#include "base/error.hpp"

namespace quotesweep {

/// Owns an HDF5 identifier.
class Hdf5Handle {
 public:
  using Closer = herr_t (*)(hid_t);

  /// Takes over `id`. Throws Error ("cannot <doing>") where it is not valid.
  Hdf5Handle(hid_t id, Closer closer, const std::string& doing) : id_(id), closer_(closer) {
    if (id_ < 0) throw Error("cannot {}", doing);
  }
  ~Hdf5Handle() {
    if (id_ >= 0) closer_(id_);
  }
  Hdf5Handle(Hdf5Handle&& other) noexcept
      : id_(std::exchange(other.id_, -1)), closer_(other.closer_) {}
  Hdf5Handle(const Hdf5Handle&) = delete;
  Hdf5Handle& operator=(const Hdf5Handle&) = delete;
  Hdf5Handle& operator=(Hdf5Handle&&) = delete;

  hid_t get() const { return id_; }

 private:
  hid_t id_;
  Closer closer_;
};

/// Throws Error ("cannot <doing>") where an HDF5 call has failed.
inline void require(herr_t status, const std::string& doing) {
  if (status < 0) throw Error("cannot {}", doing);
}

/// To be called before anything else of HDF5, any number of times: keeps it from printing its own
/// error messages, and from closing files at exit, where it crashes on one that did not fit on the
/// disk.
void prepare_hdf5();

/// Properties for opening files without HDF5's own locks, so that a file can be read while it is
/// written; FileLock keeps writers apart.
Hdf5Handle access_without_locks();

}  // namespace quotesweep
