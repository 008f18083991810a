#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace quotesweep {

/// SHA-256 of everything that was added, in order.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void add(std::span<const std::byte> bytes);
  void add(std::string_view text) { add(std::as_bytes(std::span(text))); }

  /// The hash; call once, nothing can be added afterwards.
  std::array<std::uint8_t, 32> finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

/// Lower-case hexadecimal form of a hash.
std::string to_hex(std::span<const std::uint8_t> bytes);

/// The first eight bytes of the SHA-256 of `bytes`, little-endian.
std::uint64_t hash_64(std::span<const std::byte> bytes);

}  // namespace quotesweep
