#include "app/plan_text.hpp"

#include <fmt/format.h>

#include "app/file_layout.hpp"
#include "store/create_file.hpp"

namespace quotesweep {

std::string size_text(double bytes) {
  if (bytes < 1e6) return fmt::format("{:.0f} kB", bytes / 1e3);
  return bytes < 1e9 ? fmt::format("{:.1f} MB", bytes / 1e6)
                     : fmt::format("{:.2f} GB", bytes / 1e9);
}

double file_bytes(const Study& study) {
  return static_cast<double>(predict_size(file_layout(study)));
}

}  // namespace quotesweep
