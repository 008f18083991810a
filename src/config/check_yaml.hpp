#pragma once

#include <string>

namespace quotesweep {

/// Parses a text once without keeping anything. Throws YAML::Exception where it is not valid YAML,
/// or where the parser goes round in circles, as yaml-cpp 0.7 does on a line that begins with a
/// comma, and as an anchor that holds its own alias would make its readers do.
void check_yaml(const std::string& text);

}  // namespace quotesweep
