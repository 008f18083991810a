#include <catch2/catch.hpp>
#include <cstdlib>
#include <random>

#include "base/error.hpp"
#include "store/digest.hpp"
#include "store/fixture.hpp"
#include "store/stored_states.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

/// Ten thousand with QUOTESWEEP_ALL, otherwise what takes a second.
int rounds() {
  return std::getenv("QUOTESWEEP_ALL") != nullptr ? 10'000 : 500;
}

/// Flipped bits, overwritten ranges, cuts and insertions, one or a few at a time.
std::string damaged(std::string bytes, std::mt19937_64& random) {
  const auto place = [&] { return static_cast<std::size_t>(random() % bytes.size()); };
  for (auto changes = 1 + random() % 3; changes > 0 && !bytes.empty(); --changes) {
    const auto at = place();
    switch (random() % 8) {
      case 0:
        bytes.resize(at);
        break;
      case 1:
        bytes.insert(at, static_cast<std::size_t>(1 + random() % 100), static_cast<char>(random()));
        break;
      case 2:
        for (auto i = at; i < std::min(bytes.size(), at + random() % 600); ++i)
          bytes[i] = static_cast<char>(random());
        break;
      default:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
    }
  }
  return bytes;
}

/// What a reader sees of a file: every value, by name.
using Content = std::map<std::string, std::vector<double>>;

Content read_all(const std::string& path) {
  const ResultsReader file(path);
  Content content;
  for (const auto& name : file.names()) content[name] = file.read(name);
  file.check_points(0, content.at("status").size());
  return content;
}

/// Whether a reader is told nothing wrong: a point that is called complete or failed is what it
/// was.
bool tells_the_truth(const Content& seen, const Content& real) {
  for (const auto& [name, values] : real) {
    if (seen.at(name).size() != values.size()) return false;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const bool per_point = values.size() == real.at("status").size();
      const bool unfinished = per_point && seen.at("status")[i] < 2.0;
      const bool same =
          seen.at(name)[i] == values[i] || (std::isnan(seen.at(name)[i]) && std::isnan(values[i]));
      if (!same && !unfinished) return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("a damaged file gives an error or a correct read, and never a crash", "[store]") {
  const Scratch scratch;
  const auto good_path = scratch.path("good.h5"), path = scratch.path("bad.h5");
  {
    ResultsWriter writer(good_path, grid_layout());
    writer.write(rows(0, 11));
    writer.write(std::vector{failed_row(11, "it broke")});
    writer.sync();
  }
  const auto good = read_bytes(good_path);
  const auto real = read_all(good_path);
  std::mt19937_64 random(20261121);
  int refused = 0, correct = 0;
  for (int round = 0; round < rounds(); ++round) {
    write_bytes(path, damaged(good, random));
    CAPTURE(round);
    try {
      const auto seen = read_all(path);
      CHECK(tells_the_truth(seen, real));
      StoredStates(path).visit([](std::uint64_t, const StoredPoint&) {});
      StoredStates(path).failures();
      ++correct;
    } catch (const Error& error) {
      CHECK(std::string(error.what()).starts_with(path));
      ++refused;
    }
  }
  CHECK(refused > rounds() / 4);
  CHECK(correct > 0);
}
