#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace quotesweep {

/// The one exception of the program. Its message says where, what (with the value), what is needed
/// and what to do; it is shown to the user as it stands.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message) : std::runtime_error(message) {}

  template <class First, class... Rest>
  explicit Error(fmt::format_string<First, Rest...> pattern, First&& first, Rest&&... rest)
      : std::runtime_error(
            fmt::format(pattern, std::forward<First>(first), std::forward<Rest>(rest)...)) {}
};

}  // namespace quotesweep
