#include "store/state_row.hpp"

#include "base/hash.hpp"

namespace quotesweep {
namespace {

double checksum(std::vector<double> row) {
  row[1] = 0.0;
  return static_cast<double>(hash_64(std::as_bytes(std::span(row))) >> 12);
}

}  // namespace

std::vector<double> make_state_row(std::uint64_t generation, std::span<const double> state) {
  std::vector<double> row{static_cast<double>(generation), 0.0};
  row.insert(row.end(), state.begin(), state.end());
  row[1] = checksum(row);
  return row;
}

bool valid_state_row(std::span<const double> row) {
  return row.size() > 2 && row[0] >= 1.0 && checksum({row.begin(), row.end()}) == row[1];
}

}  // namespace quotesweep
