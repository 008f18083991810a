#include "store/stored_states.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include "store/failure_table.hpp"
#include "store/seal.hpp"
#include "store/state_row.hpp"

namespace quotesweep {
namespace {

DataMap sealed_map(const std::string& path) {
  check_seal(path);
  return map_data(path);
}

template <class Value>
std::vector<Value> read_values(const RawFile& file, std::uint64_t offset, std::uint64_t count) {
  std::vector<Value> values(count);
  file.read(std::as_writable_bytes(std::span(values)), offset);
  return values;
}

}  // namespace

StoredStates::StoredStates(const std::string& path)
    : map_(sealed_map(path)),
      file_(path, RawFile::Mode::read),
      points_(map_.status.bytes),
      row_width_(map_.slots[0].bytes / sizeof(double) / points_) {}

std::vector<PointStatus> StoredStates::status() const {
  return read_values<PointStatus>(file_, map_.status.offset, points_);
}

void StoredStates::visit(const std::function<void(std::uint64_t, StoredPoint)>& visit) const {
  constexpr std::uint64_t batch = 1024;  // bounds the memory
  const auto all_status = status();
  for (std::uint64_t first = 0; first < points_; first += batch) {
    const std::uint64_t count = std::min(batch, points_ - first);
    const auto seconds =
        read_values<double>(file_, map_.seconds.offset + first * sizeof(double), count);
    std::array<std::vector<double>, 2> slots;
    for (std::size_t i = 0; i < slots.size(); ++i)
      slots[i] = read_values<double>(
          file_, map_.slots[i].offset + first * row_width_ * sizeof(double), count * row_width_);
    for (std::uint64_t i = 0; i < count; ++i) {
      StoredPoint stored{.status = all_status[first + i], .seconds = seconds[i]};
      for (const auto& slot : slots) {
        const auto row = std::span(slot).subspan(i * row_width_, row_width_);
        if (!valid_state_row(row) || row[0] <= stored.generation) continue;
        stored.generation = static_cast<std::uint32_t>(row[0]);
        stored.state.assign(row.begin() + 2, row.end());
      }
      visit(first + i, std::move(stored));
    }
  }
}

std::vector<std::string> StoredStates::failure_texts() const {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < failure_rows; ++i) {
    const auto bytes =
        read_values<char>(file_, map_.failures.offset + i * failure_length, failure_length);
    std::string text(bytes.begin(), std::find(bytes.begin(), bytes.end(), '\0'));
    if (text.empty()) break;
    texts.push_back(std::move(text));
  }
  return texts;
}

std::size_t StoredStates::failure_count() const {
  return failure_texts().size();
}

std::map<std::uint64_t, std::string> StoredStates::failures() const {
  constexpr std::string_view prefix = "point ";
  std::map<std::uint64_t, std::string> messages;
  for (const auto& text : failure_texts()) {
    std::uint64_t point = 0;
    const char* first = text.data() + std::min(prefix.size(), text.size());
    const char* last = text.data() + text.size();
    const auto end = std::from_chars(first, last, point).ptr;
    if (end != first && last - end > 2) messages[point] = std::string(end + 2, last);
  }
  return messages;
}

}  // namespace quotesweep
