#include "store/results_writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <limits>
#include <utility>

#include "store/create_file.hpp"
#include "store/failure_table.hpp"
#include "store/file_lock.hpp"
#include "store/hdf5_handle.hpp"
#include "store/state_row.hpp"

namespace quotesweep {
namespace {

static_assert(std::endian::native == std::endian::little, "the file is little-endian");

using Bytes = std::vector<std::byte>;

template <class Value>
void append(Bytes& bytes, Value value) {
  const auto* first = reinterpret_cast<const std::byte*>(&value);
  bytes.insert(bytes.end(), first, first + sizeof value);
}

constexpr double no_result = std::numeric_limits<double>::quiet_NaN();

/// One NaN for all, so that equal results are equal bytes; integers have 0 in its place.
void append_element(Bytes& bytes, ElementType type, double value) {
  if (type == ElementType::int64)
    append(bytes, std::isnan(value) ? std::int64_t{0} : static_cast<std::int64_t>(value));
  else if (type == ElementType::int8)
    append(bytes, static_cast<std::int8_t>(value));
  else
    append(bytes, std::isnan(value) ? no_result : value);
}

std::size_t element_size(ElementType type) {
  return type == ElementType::int8 ? 1 : 8;
}

/// Where a dataset's bytes begin in the file.
std::uint64_t dataset_offset(hid_t file, const std::string& name) {
  const Hdf5Handle dataset(H5Dopen2(file, name.c_str(), H5P_DEFAULT), H5Dclose,
                           "open dataset " + name);
  const haddr_t offset = H5Dget_offset(dataset.get());
  if (offset == HADDR_UNDEF) throw Error("dataset {} is not allocated", name);
  return offset;
}

[[noreturn]] void fail_writing(const std::string& path, int error) {
  throw Error("{}: cannot write: {}. What was written before is intact.", path,
              std::strerror(error));
}

}  // namespace

class ResultsWriter::Impl {
 public:
  Impl(std::string path, const Layout& layout)
      : path_(std::move(path)),
        lock_(path_),
        variables_(layout.results),
        state_size_(layout.state_columns.size()) {
    generations_.resize(layout.points());
    const std::string temporary = fmt::format("{}.new-{}", path_, getpid());
    try {
      lay_out(temporary, layout);
      find_offsets(temporary);
      reserve(temporary);
      if (std::rename(temporary.c_str(), path_.c_str()) != 0) fail_writing(path_, errno);
      sync_folder();
    } catch (...) {
      std::error_code ignored;
      std::filesystem::remove(temporary, ignored);
      if (descriptor_ >= 0) close(descriptor_);
      throw;
    }
  }

  ~Impl() { close(descriptor_); }

  void write(std::span<const PointRow> rows) {
    for (const auto& row : rows) check(row);
    for (std::size_t first = 0; first < rows.size();) {
      std::size_t last = first + 1;
      while (last < rows.size() && follows(rows[last - 1], rows[last])) ++last;
      write_run(rows.subspan(first, last - first));
      first = last;
    }
  }

  void sync() {
    if (fdatasync(descriptor_) != 0) fail_writing(path_, errno);
  }

 private:
  void lay_out(const std::string& file_path, const Layout& layout) {
    try {
      create_file(file_path, layout);
    } catch (const Error& error) {
      throw Error("{}: cannot be laid out: {}. Free space or choose another folder with -o.", path_,
                  error.what());
    }
  }

  void find_offsets(const std::string& file_path) {
    const auto access = access_without_locks();
    const Hdf5Handle file(H5Fopen(file_path.c_str(), H5F_ACC_RDONLY, access.get()), H5Fclose,
                          "open " + file_path);
    for (const auto& variable : variables_)
      offsets_.push_back(dataset_offset(file.get(), variable.name));
    paths_ = dataset_offset(file.get(), paths_variable);
    status_ = dataset_offset(file.get(), status_variable);
    seconds_ = dataset_offset(file.get(), seconds_variable);
    for (std::size_t i = 0; i < state_slots.size(); ++i)
      slots_[i] = dataset_offset(file.get(), fmt::format("state/{}", state_slots[i]));
    failures_ = dataset_offset(file.get(), fmt::format("state/{}", failure_dataset));
  }

  /// Reserves every block of the file on disk, so that the disk cannot be found full later.
  void reserve(const std::string& file_path) {
    descriptor_ = open(file_path.c_str(), O_RDWR | O_CLOEXEC);
    if (descriptor_ < 0) fail_writing(file_path, errno);
    const auto size = std::filesystem::file_size(file_path);
    const int error = posix_fallocate(descriptor_, 0, static_cast<off_t>(size));
    if (error != 0)
      throw Error("{}: cannot reserve {} bytes: {}. Free space or choose another folder with -o.",
                  path_, size, std::strerror(error));
    if (fsync(descriptor_) != 0) fail_writing(file_path, errno);
  }

  void sync_folder() {
    const auto folder = std::filesystem::absolute(path_).parent_path();
    const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) fail_writing(folder.string(), errno);
    fsync(descriptor);
    close(descriptor);
  }

  /// A row that does not fit would overwrite others.
  void check(const PointRow& row) const {
    const bool empty = row.state.empty() && row.results.empty();
    const bool full = row.state.size() == state_size_ && row.results.size() == variables_.size();
    if (row.point >= generations_.size() || !(empty || full))
      throw Error(
          "{}: a row of {} states and {} results for point {} (must be {} and {}, below {})", path_,
          row.state.size(), row.results.size(), row.point, state_size_, variables_.size(),
          generations_.size());
  }

  /// Whether two rows can be written in one piece: neighbours of the same kind in the same slot.
  bool follows(const PointRow& row, const PointRow& next) const {
    return next.point == row.point + 1 && next.state.empty() == row.state.empty() &&
           generations_[next.point] % 2 == generations_[row.point] % 2;
  }

  void write_run(std::span<const PointRow> run) {
    if (!run.front().state.empty()) write_states(run);
    for (std::size_t v = 0; v < variables_.size(); ++v)
      write_column(run, offsets_[v], variables_[v].type, [v](const PointRow& row) {
        return row.results.empty() ? no_result : row.results[v];
      });
    for (const auto& row : run) write_failure(row);
    write_column(run, seconds_, ElementType::float64,
                 [](const PointRow& row) { return row.seconds; });
    write_column(run, paths_, ElementType::int64,
                 [](const PointRow& row) { return static_cast<double>(row.paths_done); });
    write_column(run, status_, ElementType::int8,
                 [](const PointRow& row) { return static_cast<double>(row.status); });
  }

  void write_states(std::span<const PointRow> run) {
    Bytes bytes;
    std::size_t row_bytes = 0;
    const std::uint64_t slot = (generations_[run.front().point] + 1) % 2;
    for (const auto& row : run) {
      const auto doubles = make_state_row(++generations_[row.point], row.state);
      row_bytes = doubles.size() * sizeof(double);
      for (const double value : doubles) append(bytes, value);
    }
    write_bytes(bytes, slots_[slot] + run.front().point * row_bytes);
  }

  template <class Get>
  void write_column(std::span<const PointRow> run, std::uint64_t offset, ElementType type,
                    Get get) {
    Bytes bytes;
    for (const auto& row : run) append_element(bytes, type, get(row));
    write_bytes(bytes, offset + run.front().point * element_size(type));
  }

  void write_failure(const PointRow& row) {
    if (row.message.empty() || failure_count_ == failure_rows) return;
    std::string text = fmt::format("point {}: {}", row.point, row.message);
    text.resize(failure_length);
    text.back() = '\0';
    write_bytes({reinterpret_cast<const std::byte*>(text.data()), text.size()},
                failures_ + failure_count_++ * failure_length);
  }

  void write_bytes(std::span<const std::byte> bytes, std::uint64_t offset) {
    while (!bytes.empty()) {
      const auto written =
          pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) fail_writing(path_, written < 0 ? errno : EIO);
      bytes = bytes.subspan(static_cast<std::size_t>(written));
      offset += static_cast<std::uint64_t>(written);
    }
  }

  std::string path_;
  FileLock lock_;
  std::vector<Variable> variables_;
  std::size_t state_size_;
  int descriptor_ = -1;
  std::vector<std::uint64_t> offsets_;  // of the result variables
  std::uint64_t paths_ = 0, status_ = 0, seconds_ = 0, failures_ = 0;
  std::array<std::uint64_t, 2> slots_{};
  std::vector<std::uint32_t> generations_;
  std::size_t failure_count_ = 0;
};

ResultsWriter::ResultsWriter(std::string path, const Layout& layout)
    : impl_(std::make_unique<Impl>(std::move(path), layout)) {}

ResultsWriter::~ResultsWriter() = default;

void ResultsWriter::write(std::span<const PointRow> rows) {
  impl_->write(rows);
}

void ResultsWriter::sync() {
  impl_->sync();
}

}  // namespace quotesweep
