#include "base/hash.hpp"

#include <openssl/evp.h>

#include "base/error.hpp"

namespace quotesweep {

struct Sha256::Context {
  EVP_MD_CTX* digest = EVP_MD_CTX_new();
  ~Context() { EVP_MD_CTX_free(digest); }
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
  if (EVP_DigestInit_ex(context_->digest, EVP_sha256(), nullptr) != 1)
    throw Error("SHA-256 is not available from this machine's OpenSSL");
}

Sha256::~Sha256() = default;

void Sha256::add(std::span<const std::byte> bytes) {
  if (EVP_DigestUpdate(context_->digest, bytes.data(), bytes.size()) != 1)
    throw Error("SHA-256 failed on {} bytes", bytes.size());
}

std::array<std::uint8_t, 32> Sha256::finish() {
  std::array<std::uint8_t, 32> hash{};
  if (EVP_DigestFinal_ex(context_->digest, hash.data(), nullptr) != 1)
    throw Error("SHA-256 failed to finish");
  return hash;
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
  std::string text;
  for (const auto byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

std::uint64_t hash_64(std::span<const std::byte> bytes) {
  Sha256 hash;
  hash.add(bytes);
  const auto digest = hash.finish();
  std::uint64_t value = 0;
  for (std::size_t i = 8; i-- > 0;) value = value << 8 | digest[i];
  return value;
}

}  // namespace quotesweep
