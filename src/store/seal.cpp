#include "store/seal.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "store/raw_file.hpp"

namespace quotesweep {
namespace {

using Hash = std::array<std::uint8_t, 32>;

/// The last bytes of a file.
struct Ending {
  std::uint64_t data_places = 0;  // whose offsets and lengths stand before
  Hash sealed{};                  // of all bytes outside of them and before them
  Hash seal{};                    // of the seal up to here
  std::array<char, 8> mark{};
};
static_assert(sizeof(Ending) == 80);
constexpr std::array<char, 8> seal_mark{'Q', 'S', 'W', 'S', 'E', 'A', 'L', '1'};
constexpr std::array<unsigned char, 8> hdf5_mark{0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
constexpr std::uint64_t most_places = 10'000;

template <class Value>
std::span<const std::byte> bytes_of(const std::vector<Value>& values) {
  return std::as_bytes(std::span(values));
}

/// Hash of the first `end` bytes of a file without the data places.
Hash hash_outside(const RawFile& file, std::uint64_t end, std::vector<DataPlace> places) {
  std::ranges::sort(places, {}, &DataPlace::offset);
  places.push_back({end, 0});
  Sha256 hash;
  std::vector<std::byte> buffer(1 << 16);
  std::uint64_t at = 0;
  for (const auto& place : places) {
    while (at < place.offset) {
      const auto part = std::span(buffer).first(
          static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), place.offset - at)));
      file.read(part, at);
      hash.add(part);
      at += part.size();
    }
    at = std::max(at, place.offset + place.bytes);
  }
  return hash.finish();
}

Hash hash_of_seal(const std::vector<DataPlace>& places, const Ending& ending) {
  Sha256 hash;
  hash.add(bytes_of(places));
  hash.add(std::as_bytes(std::span(&ending.data_places, 1)));
  hash.add(std::as_bytes(std::span(ending.sealed)));
  return hash.finish();
}

void check_kind(const std::string& path) {
  std::error_code unknown;
  if (!std::filesystem::exists(path, unknown)) throw Error("{}: no such file", path);
  if (std::filesystem::is_directory(path, unknown))
    throw Error("{}: is a folder, not a results file", path);
}

[[noreturn]] void fail_damaged(const std::string& path, const char* what) {
  throw Error("{}: {}", path, what);
}

}  // namespace

void seal(const std::string& path, const DataMap& map) {
  const RawFile file(path, RawFile::Mode::write);
  const auto places = map.all();
  const std::uint64_t end = file.size();
  Ending ending{
      .data_places = places.size(), .sealed = hash_outside(file, end, places), .mark = seal_mark};
  ending.seal = hash_of_seal(places, ending);
  file.write(bytes_of(places), end);
  file.write(std::as_bytes(std::span(&ending, 1)), end + places.size() * sizeof(DataPlace));
}

void check_seal(const std::string& path) {
  check_kind(path);
  const RawFile file(path, RawFile::Mode::read);
  const std::uint64_t size = file.size();
  std::array<unsigned char, 8> begin{};
  if (size >= begin.size()) file.read(std::as_writable_bytes(std::span(begin)), 0);
  if (begin != hdf5_mark)
    throw Error("{}: cannot be read as HDF5 (it is not a results file, or damaged)", path);
  Ending ending;
  if (size >= sizeof ending)
    file.read(std::as_writable_bytes(std::span(&ending, 1)), size - sizeof ending);
  const std::uint64_t length = ending.data_places * sizeof(DataPlace) + sizeof ending;
  if (ending.mark != seal_mark || ending.data_places > most_places || length > size)
    throw Error("{}: is HDF5, but not a quotesweep results file, or damaged (truncated)", path);
  std::vector<DataPlace> places(ending.data_places);
  file.read(std::as_writable_bytes(std::span(places)), size - length);
  if (hash_of_seal(places, ending) != ending.seal) fail_damaged(path, "its seal is damaged");
  for (const auto& place : places)
    if (place.offset > size || place.bytes > size - place.offset)
      fail_damaged(path, "it is truncated");
  if (hash_outside(file, size - length, places) != ending.sealed)
    fail_damaged(path, "its metadata are damaged, or were edited by another program");
}

}  // namespace quotesweep
