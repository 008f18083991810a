#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "sim/path_story.hpp"

namespace quotesweep {

/// The series of one path as comma-separated values: a row per stretch, with sums of what was
/// bought and sold, so that longer stretches lose no fill. Empty is what does not exist.
class PathSeries {
 public:
  /// Throws Error where the name does not end with .csv or the file cannot be opened.
  explicit PathSeries(std::string path);

  void add(const Stretch& stretch);

  /// Throws Error where not everything could be written.
  void close();

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace quotesweep
