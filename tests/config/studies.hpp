#pragma once

#include <catch2/catch.hpp>
#include <initializer_list>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "config/read_study.hpp"

namespace quotesweep::testing {

/// What reading a study says is wrong, or "" where nothing is.
inline std::string problem(const std::string& text,
                           const std::vector<std::string>& overrides = {}) {
  try {
    parse_study(text, "s.yaml", overrides);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

/// A study that is wrong, and everything that its message must contain.
struct Wrong {
  std::string text;
  std::vector<std::string> parts;
  std::vector<std::string> overrides = {};
};

inline void check_messages(std::initializer_list<Wrong> cases) {
  for (const auto& [text, parts, overrides] : cases) {
    const auto message = problem(text, overrides);
    INFO(text << "\n-> " << message);
    for (const auto& part : parts) CHECK_THAT(message, Catch::Matchers::Contains(part));
    CHECK(message.find('\n') == std::string::npos);
  }
}

inline bool same_study(const Study& a, const Study& b) {
  return resolved_text(a) == resolved_text(b) && a.name == b.name && a.output == b.output;
}

}  // namespace quotesweep::testing
