#include "config/read_file.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/error.hpp"

namespace quotesweep {
namespace {

/// A list of a million points is smaller; /dev/zero is not.
constexpr std::size_t most_bytes = 100'000'000;

void check_file(const std::string& path) {
  std::error_code unknown;  // opening the file will say it better
  const auto status = std::filesystem::status(path, unknown);
  if (status.type() == std::filesystem::file_type::not_found)
    throw Error("{}: no such file. Check the name; relative ones start from {}", path,
                std::filesystem::current_path(unknown).string());
  if (status.type() == std::filesystem::file_type::directory)
    throw Error("{}: is a folder, not a study. Name a YAML file in it", path);
}

[[noreturn]] void fail_reading(const std::string& path) {
  throw Error("{}: cannot be read: {}. Check its permissions, or choose another file", path,
              std::strerror(errno));
}

}  // namespace

std::string read_file(const std::string& path) {
  check_file(path);
  std::ifstream file(path, std::ios::binary);
  if (!file) fail_reading(path);
  std::string text;
  std::array<char, 1 << 16> part;
  do {
    file.read(part.data(), part.size());
    if (file.bad()) fail_reading(path);
    text.append(part.data(), static_cast<std::size_t>(file.gcount()));
    if (text.size() > most_bytes)
      throw Error("{}: is larger than {} MB, so it is not a study. Choose another file", path,
                  most_bytes / 1'000'000);
  } while (file);
  return text;
}

}  // namespace quotesweep
