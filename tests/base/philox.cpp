#include "base/philox.hpp"

#include <Random123/philox.h>

#include <catch2/catch.hpp>
#include <random>

using namespace quotesweep;

namespace {

std::uint32_t low(std::uint64_t value) {
  return static_cast<std::uint32_t>(value);
}
std::uint32_t high(std::uint64_t value) {
  return static_cast<std::uint32_t>(value >> 32);
}

/// The generator's authors' own program.
PhiloxWords published(const PhiloxWords& counter, std::uint64_t key) {
  const r123::Philox4x32::ctr_type c{{counter[0], counter[1], counter[2], counter[3]}};
  const r123::Philox4x32::key_type k{{low(key), high(key)}};
  const auto words = r123::Philox4x32()(c, k);
  return {words[0], words[1], words[2], words[3]};
}

}  // namespace

TEST_CASE("philox gives the words of its authors' program", "[base]") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 100'000; ++i) {
    const auto a = random(), b = random(), key = random();
    const PhiloxWords counter{low(a), high(a), low(b), high(b)};
    REQUIRE(philox(counter, key) == published(counter, key));
  }
}

TEST_CASE("paths drawn together have the bits of paths drawn one by one", "[base]") {
  std::mt19937_64 random(2);
  const std::uint64_t carry = std::uint64_t{1} << 32;
  std::vector<std::uint64_t> firsts{0, 1, carry - 8, carry - 7, carry - 3, carry - 1, carry};
  for (int i = 0; i < 2000; ++i) firsts.push_back(random());
  for (int i = 1; i < 8; ++i)
    firsts.push_back(random() << 32 | low(carry - static_cast<unsigned>(i)));
  for (const auto first : firsts) {
    const std::uint64_t key = random();
    const std::uint32_t step = low(random()), stream = high(random());
    std::uint32_t words[4][philox_batch];
    philox_paths(key, first, step, stream, words);
    for (std::uint64_t i = 0; i < philox_batch; ++i) {
      const auto expected = philox({low(first + i), high(first + i), step, stream}, key);
      for (std::size_t word = 0; word < 4; ++word) REQUIRE(words[word][i] == expected[word]);
    }
  }
}
