#include "sweep/design.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/elementary.hpp"

namespace quotesweep {
namespace {

double rounded(double value) {
  const std::string text = fmt::format("{:.11e}", value);
  double result = value;
  std::from_chars(text.data(), text.data() + text.size(), result);
  return result;
}

/// Values at shares 0, 1/(count-1), ..., 1 of the way, with exact ends.
template <class At>
std::vector<double> spaced(double first, double last, std::uint64_t count, At at) {
  std::vector<double> values{first};
  for (std::uint64_t i = 1; i + 1 < count; ++i)
    values.push_back(rounded(at(static_cast<double>(i) / static_cast<double>(count - 1))));
  if (count > 1) values.push_back(last);
  return values;
}

}  // namespace

std::uint64_t Design::size() const {
  if (kind == DesignKind::list) return axes.empty() ? 1 : axes.front().values.size();
  std::uint64_t product = 1;
  for (const auto& axis : axes) product *= axis.values.size();
  return product;
}

std::vector<double> Design::point(std::uint64_t index) const {
  std::vector<double> values(axes.size());
  for (std::size_t i = axes.size(); i-- > 0;) {
    const auto& axis = axes[i].values;
    if (kind == DesignKind::list) {
      values[i] = axis[index];
    } else {
      values[i] = axis[index % axis.size()];
      index /= axis.size();
    }
  }
  return values;
}

std::vector<std::uint64_t> Design::shape() const {
  if (kind == DesignKind::list || axes.empty()) return {size()};
  std::vector<std::uint64_t> lengths;
  for (const auto& axis : axes) lengths.push_back(axis.values.size());
  return lengths;
}

Design every_nth(const Design& design, std::uint64_t index, std::uint64_t count) {
  Design part{DesignKind::list, {}};
  for (const auto& axis : design.axes) part.axes.push_back({axis.parameter, {}});
  for (std::uint64_t point = index; point < design.size(); point += count) {
    const auto values = design.point(point);
    for (std::size_t i = 0; i < values.size(); ++i) part.axes[i].values.push_back(values[i]);
  }
  return part;
}

std::vector<double> linear_values(double first, double last, std::uint64_t count) {
  return spaced(first, last, count, [=](double share) { return first + share * (last - first); });
}

std::vector<double> log_values(double first, double last, std::uint64_t count) {
  const double low = elementary::log(first), high = elementary::log(last);
  return spaced(first, last, count,
                [=](double share) { return elementary::exp(low + share * (high - low)); });
}

}  // namespace quotesweep
