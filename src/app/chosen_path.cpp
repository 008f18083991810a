#include "app/chosen_path.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace quotesweep {

ChosenPoint choose_path(const StudyOptions& options, std::optional<std::uint64_t> point,
                        std::uint64_t path) {
  ChosenPoint chosen = read_point(options.study, options.overrides, point);
  const Study& study = chosen.study;
  const std::uint64_t paths = study.blocks() * study.block;
  if (path >= paths) throw Error("--path {}: the study has paths 0 to {}", path, paths - 1);
  fmt::print(stderr, "{}: point {}{}, path {} of {}, {} precision\n", study.name, chosen.point,
             study.design.axes.empty() ? "" : " (" + point_text(study, chosen.point) + ")", path,
             paths, study.precision == Precision::single_ ? "single" : "double");
  return chosen;
}

}  // namespace quotesweep
