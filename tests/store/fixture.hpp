#pragma once

#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "store/layout.hpp"
#include "store/results_writer.hpp"

namespace quotesweep::testing {

/// A folder that is there as long as the object.
class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "quotesweep-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
    folder_ = name;
  }
  ~Scratch() { std::filesystem::remove_all(folder_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  /// Names of the files in the folder.
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& entry : std::filesystem::directory_iterator(folder_))
      all.push_back(entry.path().filename().string());
    return all;
  }

 private:
  std::filesystem::path folder_;
};

inline std::string read_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

/// Results of every type and a state of three numbers; no points yet.
inline Layout empty_layout() {
  Layout layout;
  layout.attributes = {{"format_version", std::int64_t{format_version}},
                       {"title", "a test"},
                       {"seed", std::int64_t{7}}};
  layout.results = {{"pnl", ElementType::float64, {{"units", "price"}, {"better", "higher"}}},
                    {"pnl_se", ElementType::float64, {{"units", "price"}}},
                    {"undefined", ElementType::int64, {{"units", "1"}}}};
  layout.state_columns = {"paths", "pnl.mean", "pnl.m2"};
  return layout;
}

inline Coordinate coordinate(const std::string& name, std::vector<double> values,
                             ElementType type = ElementType::float64) {
  return {name, type, std::move(values), {{"parameter", "section." + name}}};
}

/// A grid of 3 x 4 points.
inline Layout grid_layout() {
  Layout layout = empty_layout();
  layout.dimensions = {coordinate("gamma", {0.01, 0.1, 1.0}),
                       coordinate("q_max", {1, 2, 5, 10}, ElementType::int64)};
  return layout;
}

/// A list of 5 points.
inline Layout list_layout() {
  Layout layout = empty_layout();
  layout.dimensions = {{"point", ElementType::int64, {0, 1, 2, 3, 4}, {}}};
  layout.point_coordinates = {coordinate("gamma", {5, 4, 3, 2, 1}),
                              coordinate("k", {0.5, 1.5, 0.5, 2.5, 0.5})};
  return layout;
}

/// A row whose numbers tell its point and `version`.
inline PointRow row(std::uint64_t point, double version = 1.0) {
  const auto p = static_cast<double>(point);
  return {.point = point,
          .status = PointStatus::complete,
          .paths_done = 1024 * (point + 1),
          .seconds = 0.5 * version,
          .state = {p, version, -p},
          .results = {p + version / 16, p == 2.0 ? std::nan("") : version, 3 * p}};
}

inline PointRow failed_row(std::uint64_t point, const std::string& message) {
  return {.point = point, .status = PointStatus::failed, .message = message};
}

inline std::vector<PointRow> rows(std::uint64_t first, std::uint64_t count, double version = 1.0) {
  std::vector<PointRow> all;
  for (std::uint64_t point = first; point < first + count; ++point)
    all.push_back(row(point, version));
  return all;
}

inline void write_file(const std::string& path, const Layout& layout,
                       const std::vector<PointRow>& all) {
  ResultsWriter writer(path, layout);
  writer.write(all);
  writer.sync();
}

}  // namespace quotesweep::testing
