#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>

#include "base/error.hpp"
#include "config/read_study.hpp"

using namespace quotesweep;

namespace {

/// A hundred thousand with QUOTESWEEP_ALL, otherwise what takes seconds.
int rounds() {
  return std::getenv("QUOTESWEEP_ALL") != nullptr ? 100'000 : 2'000;
}

std::string study_text(const char* name) {
  std::ifstream file(std::string(SOURCE_DIR "/sweeps/") + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

constexpr const char* pieces[] = {"gamma",
                                  "strategy:",
                                  "{",
                                  "}",
                                  "[",
                                  "]",
                                  ",",
                                  ":",
                                  "- ",
                                  "\n",
                                  "  ",
                                  "1e308",
                                  "-1",
                                  "0",
                                  ".nan",
                                  ".inf",
                                  "1e-320",
                                  "&a ",
                                  "*a",
                                  "!!str ",
                                  "|\n",
                                  ">\n",
                                  "'",
                                  "\"",
                                  "#",
                                  "\t",
                                  "---\n",
                                  "points:",
                                  "linear:",
                                  "log:",
                                  "paths:",
                                  "<<: ",
                                  "null",
                                  "true",
                                  "~",
                                  "\xff\xfe",
                                  "q_max",
                                  "sweep:",
                                  "? ",
                                  "%TAG",
                                  "9999999999999999999999",
                                  "block: 3",
                                  "\xc3\xa9"};

std::string mutated(std::string text, const std::string& other, std::mt19937_64& random) {
  for (auto changes = 1 + random() % 4; changes > 0; --changes) {
    const auto at = text.empty() ? 0 : static_cast<std::size_t>(random() % text.size());
    const auto length = static_cast<std::size_t>(random() % 12);
    switch (random() % 6) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.insert(at, pieces[random() % std::size(pieces)]);
        break;
      case 2:
        text.replace(at, length, pieces[random() % std::size(pieces)]);
        break;
      case 3:
        text.insert(at, text.substr(text.size() - at, 4 * length));
        break;
      case 4:
        text = text.substr(0, at) + other.substr(std::min(at, other.size()));
        break;
      default:
        if (!text.empty()) text[at] = static_cast<char>(random());
    }
  }
  return text;
}

}  // namespace

TEST_CASE("a mutated study is read or refused with one line that names it", "[config]") {
  const auto quickstart = study_text("quickstart.yaml"), other = study_text("verification.yaml");
  REQUIRE(!quickstart.empty());
  REQUIRE(!other.empty());
  std::mt19937_64 random(20261121);
  int read = 0, refused = 0;
  for (int round = 0; round < rounds(); ++round) {
    const auto text =
        random() % 2 == 0 ? mutated(quickstart, other, random) : mutated(other, quickstart, random);
    CAPTURE(round, text);
    try {
      const Study study = parse_study(text, "s.yaml");
      CHECK(study.design.size() >= 1);
      ++read;
    } catch (const Error& error) {
      const std::string message = error.what();
      CHECK(message.starts_with("s.yaml"));
      CHECK(message.find('\n') == std::string::npos);
      CHECK(message.size() < 1000);
      ++refused;
    }
  }
  CHECK(read > rounds() / 20);
  CHECK(refused > rounds() / 4);
}
