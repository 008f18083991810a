#include "config/read_point.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "config/overrides.hpp"
#include "config/read_study.hpp"
#include "experiment/parameter.hpp"

namespace quotesweep {
namespace {

/// What the command line asks of one axis.
struct Wish {
  std::size_t axis;
  double value;
};

bool close(double a, double b) {
  return std::abs(a - b) <= 1e-6 * std::max(std::abs(a), std::abs(b));
}

std::vector<Wish> wishes_of(const Study& study, const std::vector<std::string>& overrides) {
  std::vector<Wish> wishes;
  for (std::size_t i = 0; i < study.design.axes.size(); ++i) {
    const auto& parameter = find_parameter(study.design.axes[i].parameter);
    if (sets_parameter(overrides, parameter)) wishes.push_back({i, parameter.get(study.scenario)});
  }
  return wishes;
}

bool fulfils(const Study& study, std::uint64_t point, const std::vector<Wish>& wishes) {
  const auto values = study.design.point(point);
  return std::ranges::all_of(
      wishes, [&](const Wish& wish) { return close(values[wish.axis], wish.value); });
}

/// Fails where a wished value stands nowhere on its axis.
void check_on_axis(const Study& study, const Wish& wish) {
  const auto& axis = study.design.axes[wish.axis];
  if (std::ranges::any_of(axis.values, [&](double v) { return close(v, wish.value); })) return;
  throw Error("{} = {} is not swept; choose one of: {}", axis.parameter,
              value_text(find_parameter(axis.parameter), wish.value),
              fmt::join(value_texts(axis), ", "));
}

[[noreturn]] void fail_open(const Study& study, const std::string& path) {
  std::string axes, example;
  for (const auto& axis : study.design.axes) {
    if (axis.values.size() < 2) continue;
    axes += (axes.empty() ? "" : ", ") + axis.parameter;
    example += fmt::format(" --set {}={}", find_parameter(axis.parameter).key(),
                           value_texts(axis).front());
  }
  throw Error("{}: sweeps {}; choose one point with{}, or by its number with --point N (0 to {})",
              path, axes, example, study.design.size() - 1);
}

}  // namespace

ChosenPoint read_point(const std::string& path, const std::vector<std::string>& overrides,
                       std::optional<std::uint64_t> number) {
  ChosenPoint chosen{read_study(path, overrides, SweptScalars::choose)};
  const Study& study = chosen.study;
  if (study.tape)
    throw Error(
        "{}: replays a tape and has no paths to look into. Use `quotesweep run`; the key `record` "
        "keeps the series of chosen points",
        path);
  const auto wishes = wishes_of(study, overrides);
  for (const auto& wish : wishes) check_on_axis(study, wish);
  if (number) {
    if (*number >= study.design.size())
      throw Error("--point {}: the study has points 0 to {}", *number, study.design.size() - 1);
    if (!fulfils(study, *number, wishes))
      throw Error("--point {} has other values than --set; give one of the two", *number);
    chosen.point = *number;
    return chosen;
  }
  std::uint64_t found = 0;
  for (std::uint64_t point = 0; point < study.design.size(); ++point)
    if (fulfils(study, point, wishes) && ++found == 1) chosen.point = point;
  if (found == 0) throw Error("{}: no point of the list has all these values", path);
  if (found > 1) fail_open(study, path);
  return chosen;
}

}  // namespace quotesweep
