#include "base/philox.hpp"

#ifdef __AVX2__
#include <immintrin.h>
#endif

namespace quotesweep {
namespace {

constexpr std::uint32_t multiplier_0 = 0xD2511F53u;
constexpr std::uint32_t multiplier_1 = 0xCD9E8D57u;
constexpr std::uint32_t weyl_0 = 0x9E3779B9u;
constexpr std::uint32_t weyl_1 = 0xBB67AE85u;
constexpr int rounds = 10;

/// Four words, each in the low half of a 64-bit element; the high halves may hold anything.
using Wide = std::uint64_t __attribute__((vector_size(32)));
constexpr int wide_size = 4;
constexpr int wides = philox_batch / wide_size;

Wide broadcast(std::uint64_t value) {
  return Wide{value, value, value, value};
}

/// 64-bit products of the low halves. Compilers do not find the instruction for this by themselves,
/// which costs a factor of three.
Wide multiply_low_halves(Wide a, Wide b) {
#ifdef __AVX2__
  return reinterpret_cast<Wide>(
      _mm256_mul_epu32(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
#else
  const Wide mask = broadcast(0xFFFFFFFFu);
  return (a & mask) * (b & mask);
#endif
}

}  // namespace

PhiloxWords philox(const PhiloxWords& counter, std::uint64_t key) {
  PhiloxWords x = counter;
  auto key_0 = static_cast<std::uint32_t>(key);
  auto key_1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < rounds; ++round) {
    const std::uint64_t p = std::uint64_t{multiplier_0} * x[0];
    const std::uint64_t q = std::uint64_t{multiplier_1} * x[2];
    x = {static_cast<std::uint32_t>(q >> 32) ^ x[1] ^ key_0, static_cast<std::uint32_t>(q),
         static_cast<std::uint32_t>(p >> 32) ^ x[3] ^ key_1, static_cast<std::uint32_t>(p)};
    key_0 += weyl_0;
    key_1 += weyl_1;
  }
  return x;
}

void philox_paths(std::uint64_t key, std::uint64_t first_path, std::uint32_t step,
                  std::uint32_t stream, std::uint32_t (&words)[4][philox_batch]) {
  Wide x0[wides], x1[wides], x2[wides], x3[wides];
  for (int w = 0; w < wides; ++w) {
    const Wide path =
        broadcast(first_path + static_cast<std::uint64_t>(w * wide_size)) + Wide{0, 1, 2, 3};
    x0[w] = path;
    x1[w] = path >> 32;
    x2[w] = broadcast(step);
    x3[w] = broadcast(stream);
  }
  auto key_0 = static_cast<std::uint32_t>(key);
  auto key_1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < rounds; ++round) {
    for (int w = 0; w < wides; ++w) {
      const Wide p = multiply_low_halves(broadcast(multiplier_0), x0[w]);
      const Wide q = multiply_low_halves(broadcast(multiplier_1), x2[w]);
      x0[w] = (q >> 32) ^ x1[w] ^ broadcast(key_0);
      x2[w] = (p >> 32) ^ x3[w] ^ broadcast(key_1);
      x1[w] = q;
      x3[w] = p;
    }
    key_0 += weyl_0;
    key_1 += weyl_1;
  }
  for (int w = 0; w < wides; ++w) {
    for (int i = 0; i < wide_size; ++i) {
      words[0][w * wide_size + i] = static_cast<std::uint32_t>(x0[w][i]);
      words[1][w * wide_size + i] = static_cast<std::uint32_t>(x1[w][i]);
      words[2][w * wide_size + i] = static_cast<std::uint32_t>(x2[w][i]);
      words[3][w * wide_size + i] = static_cast<std::uint32_t>(x3[w][i]);
    }
  }
}

}  // namespace quotesweep
