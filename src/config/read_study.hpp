#pragma once

#include <string>
#include <vector>

#include "experiment/study.hpp"

namespace quotesweep {

/// What it means that an override gives a value to a swept parameter.
enum class SweptScalars {
  refuse,  // the value would not be used: an error
  choose   // it chooses a value of the axis
};

/// Reads a study file, with "KEY=VALUE" overrides (VALUE is YAML) applied in order. Throws Error
/// naming file, line, key and value for whatever is wrong; nothing is ignored.
Study read_study(const std::string& path, const std::vector<std::string>& overrides,
                 SweptScalars swept = SweptScalars::refuse);

/// The same from text; `origin` stands for the file name in messages.
Study parse_study(const std::string& text, const std::string& origin,
                  const std::vector<std::string>& overrides = {},
                  SweptScalars swept = SweptScalars::refuse);

}  // namespace quotesweep
