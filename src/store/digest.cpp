#include "store/digest.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/hash.hpp"

namespace quotesweep {
namespace {

template <class Value>
void add_values(Sha256& hash, const std::vector<double>& values) {
  std::vector<Value> converted(values.size());
  std::transform(values.begin(), values.end(), converted.begin(), [](double value) {
    if (std::isnan(value)) return static_cast<Value>(std::numeric_limits<double>::quiet_NaN());
    return static_cast<Value>(value);
  });
  hash.add(std::as_bytes(std::span(converted)));
}

}  // namespace

std::string digest(const ResultsReader& file) {
  file.check_points(0, file.read(status_variable).size());
  auto names = file.names();
  std::sort(names.begin(), names.end());
  Sha256 hash;
  for (const auto& name : names) {
    if (name == seconds_variable) continue;
    hash.add(name + "\n");
    for (const auto length : file.shape(name)) hash.add(std::to_string(length) + "\n");
    if (file.type(name) == ElementType::text) {
      for (const auto& label : file.read_labels(name)) hash.add(label + "\n");
      continue;
    }
    const auto values = file.read(name);
    switch (file.type(name)) {
      case ElementType::float64:
        add_values<double>(hash, values);
        break;
      case ElementType::int64:
        add_values<std::int64_t>(hash, values);
        break;
      case ElementType::int8:
        add_values<std::int8_t>(hash, values);
        break;
      case ElementType::text:
        break;
    }
  }
  return to_hex(hash.finish());
}

}  // namespace quotesweep
