#include "store/results_writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <limits>
#include <utility>

#include "base/error.hpp"
#include "store/create_file.hpp"
#include "store/data_map.hpp"
#include "store/failure_table.hpp"
#include "store/raw_file.hpp"
#include "store/row_check.hpp"
#include "store/seal.hpp"
#include "store/state_row.hpp"

namespace quotesweep {
namespace {

static_assert(std::endian::native == std::endian::little, "the file is little-endian");

using Bytes = std::vector<std::byte>;
namespace fs = std::filesystem;

constexpr double no_result = std::numeric_limits<double>::quiet_NaN();

/// The eight bytes that stand for a value. One NaN for all, so that equal results are equal bytes;
/// integers have 0 in its place.
std::uint64_t stored_word(ElementType type, double value) {
  if (type == ElementType::int64)
    return std::isnan(value) ? 0 : static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
  return std::bit_cast<std::uint64_t>(std::isnan(value) ? no_result : value);
}

template <class Value>
std::span<const std::byte> bytes_of(const std::vector<Value>& values) {
  return std::as_bytes(std::span(values));
}

/// Returns when the names in a file's folder are on the disk.
void sync_folder(const std::string& path) {
  const auto folder = fs::absolute(path).parent_path();
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) throw Error("{}: cannot read: {}", folder.string(), std::strerror(errno));
  fsync(descriptor);
  close(descriptor);
}

void move_file(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0)
    throw Error("{}: cannot write: {}. Choose another folder with -o.", to, std::strerror(errno));
  sync_folder(to);
}

/// Half-made files of earlier writers, which are dead, because the lock is ours.
void remove_leftovers(const std::string& path) {
  const auto prefix = fs::path(path).filename().string() + ".new-";
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(fs::absolute(path).parent_path(), ignored))
    if (entry.path().filename().string().starts_with(prefix)) fs::remove(entry.path(), ignored);
}

/// Adds the time until it goes to a sum.
class Stopwatch {
 public:
  explicit Stopwatch(double& seconds) : seconds_(seconds) {}
  ~Stopwatch() {
    seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  double& seconds_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace

class ResultsWriter::Impl {
 public:
  Impl(std::unique_ptr<FileLock> lock, const Layout& layout)
      : Impl(std::move(lock), layout, std::vector<std::uint32_t>(layout.points()), 0) {
    temporary_ = fmt::format("{}.new-{}", path_, getpid());
    remove_leftovers(path_);
    try {
      create_file(temporary_, layout);
      map_ = map_data(temporary_);
      seal(temporary_, map_);
      file_ = std::make_unique<RawFile>(temporary_, RawFile::Mode::write);
      file_->reserve(file_->size());
      file_->sync_all();
    } catch (const Error& error) {
      remove_temporary();
      throw Error("{}: cannot be laid out: {}. Free space or choose another folder with -o.", path_,
                  error.what());
    }
  }

  Impl(std::unique_ptr<FileLock> lock, const Layout& layout, std::vector<std::uint32_t> generations,
       std::size_t failures)
      : lock_(std::move(lock)),
        path_(lock_->path()),
        variables_(layout.results),
        result_count_(layout.result_count()),
        state_size_(layout.state_columns.size()),
        generations_(std::move(generations)),
        failure_count_(failures) {}

  /// For a file that is there.
  void open_existing() {
    remove_leftovers(path_);
    map_ = map_data(path_);
    file_ = std::make_unique<RawFile>(path_, RawFile::Mode::write);
  }

  ~Impl() { remove_temporary(); }

  void publish() {
    sync();
    move_file(temporary_, path_);
    temporary_.clear();
  }

  void write(std::span<const PointRow> rows) {
    const Stopwatch watch(busy_);
    for (const auto& row : rows) check(row);
    for (std::size_t first = 0; first < rows.size();) {
      std::size_t last = first + 1;
      while (last < rows.size() && follows(rows[last - 1], rows[last])) ++last;
      write_run(rows.subspan(first, last - first));
      first = last;
    }
  }

  void sync() {
    const Stopwatch watch(busy_);
    if (temporary_.empty() && !file_->is_at(path_)) put_back();
    file_->sync_data();
    if (untold_.empty()) return;
    tell_status();
    file_->sync_data();
  }

  void tell(std::uint64_t point, PointStatus status) { untold_.emplace_back(point, status); }

  double busy() const { return busy_; }

 private:
  void remove_temporary() {
    std::error_code ignored;
    if (!temporary_.empty()) fs::remove(temporary_, ignored);
  }

  /// A row that does not fit would overwrite others.
  void check(const PointRow& row) const {
    const bool empty = row.state.empty() && row.results.empty();
    const bool full = row.state.size() == state_size_ && row.results.size() == result_count_;
    if (row.point >= generations_.size() || !(empty || full))
      throw Error(
          "{}: a row of {} states and {} results for point {} (must be {} and {}, below {})", path_,
          row.state.size(), row.results.size(), row.point, state_size_, result_count_,
          generations_.size());
  }

  /// Whether two rows can be written in one piece: neighbours of the same kind in the same slot.
  bool follows(const PointRow& row, const PointRow& next) const {
    return next.point == row.point + 1 && next.state.empty() == row.state.empty() &&
           generations_[next.point] % 2 == generations_[row.point] % 2;
  }

  void write_run(std::span<const PointRow> run) {
    if (!run.front().state.empty()) write_states(run);
    const std::size_t width = result_count_ + 2;
    std::vector<std::uint64_t> words(run.size() * width);  // [row][result..., paths, seconds]
    std::vector<double> checks(run.size());
    for (std::size_t i = 0; i < run.size(); ++i) {
      const auto row = std::span(words).subspan(i * width, width);
      fill_words(run[i], row);
      checks[i] = row_check(row);
    }
    std::size_t at = 0;
    for (const auto& place : map_.results) {
      write_columns(place, run.front().point, words, at, width);
      at += place.words;
    }
    write_columns(map_.paths, run.front().point, words, at, width);
    write_columns(map_.seconds, run.front().point, words, at + 1, width);
    write_at(map_.checks, run.front().point, bytes_of(checks));
    for (const auto& row : run) {
      write_failure(row);
      untold_.emplace_back(row.point, row.status);
    }
  }

  void fill_words(const PointRow& row, std::span<std::uint64_t> words) const {
    std::size_t at = 0;
    for (std::size_t v = 0; v < variables_.size(); ++v)
      for (std::uint64_t i = 0; i < map_.results[v].words; ++i, ++at)
        words[at] =
            stored_word(variables_[v].type, row.results.empty() ? no_result : row.results[at]);
    words[at] = row.paths_done;
    words[at + 1] = std::bit_cast<std::uint64_t>(row.seconds);
  }

  /// The words of one dataset in rows of `width`, of which its own begin at `column`.
  void write_columns(const DataPlace& place, std::uint64_t first,
                     const std::vector<std::uint64_t>& words, std::size_t column,
                     std::size_t width) const {
    std::vector<std::uint64_t> values;
    for (std::size_t row = 0; row < words.size(); row += width)
      for (std::uint64_t i = 0; i < place.words; ++i) values.push_back(words[row + column + i]);
    write_at(place, first * place.words, bytes_of(values));
  }

  void write_states(std::span<const PointRow> run) {
    std::vector<double> doubles;
    const std::uint64_t slot = (generations_[run.front().point] + 1) % 2;
    for (const auto& row : run) {
      const auto one = make_state_row(++generations_[row.point], row.state);
      doubles.insert(doubles.end(), one.begin(), one.end());
    }
    const std::uint64_t row_bytes = doubles.size() / run.size() * sizeof(double);
    file_->write(bytes_of(doubles), map_.slots[slot].offset + run.front().point * row_bytes);
  }

  void write_at(const DataPlace& place, std::uint64_t first,
                std::span<const std::byte> bytes) const {
    file_->write(bytes, place.offset + first * sizeof(std::uint64_t));
  }

  void write_failure(const PointRow& row) {
    if (row.message.empty() || failure_count_ == failure_rows) return;
    std::string text = fmt::format("point {}: {}", row.point, row.message);
    text.resize(failure_length);
    text.back() = '\0';
    file_->write(std::as_bytes(std::span(text)),
                 map_.failures.offset + failure_count_++ * failure_length);
  }

  /// Writes the status of what is on the disk, neighbours together.
  void tell_status() {
    Bytes bytes;
    for (std::size_t i = 0; i < untold_.size(); ++i) {
      const auto [point, status] = untold_[i];
      bytes.push_back(static_cast<std::byte>(status));
      if (i + 1 < untold_.size() && untold_[i + 1].first == point + 1) continue;
      file_->write(bytes, map_.status.offset + point + 1 - bytes.size());
      bytes.clear();
    }
    untold_.clear();
  }

  /// The file was deleted, but as long as it is open its content is there.
  void put_back() {
    const bool replaced = fs::exists(path_);
    const auto name = replaced ? fmt::format("{}.rescued-{}", path_, getpid()) : path_;
    const auto copy = fmt::format("{}.new-{}", path_, getpid());
    file_->sync_data();
    tell_status();
    file_->copy_to(copy);
    move_file(copy, name);
    if (replaced)
      throw Error("{}: was replaced by another file while it was written; all results are in {}",
                  path_, name);
    file_ = std::make_unique<RawFile>(path_, RawFile::Mode::write);
  }

  std::unique_ptr<FileLock> lock_;
  std::string path_, temporary_;
  std::vector<Variable> variables_;
  std::size_t result_count_;  // numbers of a point
  std::size_t state_size_;
  std::unique_ptr<RawFile> file_;
  DataMap map_;
  std::vector<std::uint32_t> generations_;
  std::vector<std::pair<std::uint64_t, PointStatus>> untold_;  // written, status not yet
  std::size_t failure_count_ = 0;
  double busy_ = 0.0;  // [s]
};

ResultsWriter::ResultsWriter(std::unique_ptr<FileLock> lock, const Layout& layout)
    : impl_(std::make_unique<Impl>(std::move(lock), layout)) {}

ResultsWriter::ResultsWriter(std::unique_ptr<FileLock> lock, const Layout& layout,
                             std::vector<std::uint32_t> generations, std::size_t failures)
    : impl_(std::make_unique<Impl>(std::move(lock), layout, std::move(generations), failures)) {
  impl_->open_existing();
}

ResultsWriter::ResultsWriter(const std::string& path, const Layout& layout)
    : ResultsWriter(std::make_unique<FileLock>(path), layout) {
  publish();
}

ResultsWriter::~ResultsWriter() = default;

void ResultsWriter::publish() {
  impl_->publish();
}

void ResultsWriter::write(std::span<const PointRow> rows) {
  impl_->write(rows);
}

void ResultsWriter::tell(std::uint64_t point, PointStatus status) {
  impl_->tell(point, status);
}

void ResultsWriter::sync() {
  impl_->sync();
}

double ResultsWriter::busy() const {
  return impl_->busy();
}

}  // namespace quotesweep
