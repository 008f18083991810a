#include "base/hash.hpp"

#include <catch2/catch.hpp>

using namespace quotesweep;

namespace {

std::string sha256(std::string_view text) {
  Sha256 hash;
  hash.add(text);
  return to_hex(hash.finish());
}

}  // namespace

// Vectors of FIPS 180-2, appendix B, and of the empty message.
TEST_CASE("SHA-256 gives the published hashes", "[base]") {
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256(std::string(1'000'000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("a hash does not depend on how its input is cut", "[base]") {
  const std::string text =
      "quotes, fills and inventories, over and over again and a little further";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    Sha256 hash;
    hash.add(std::string_view(text).substr(0, cut));
    hash.add(std::string_view(text).substr(cut));
    CHECK(to_hex(hash.finish()) == sha256(text));
  }
}

TEST_CASE("the short hash is the first eight bytes, little-endian", "[base]") {
  const std::string text = "abc";
  CHECK(hash_64(std::as_bytes(std::span(text))) == 0xeacf018fbf1678baULL);
}
