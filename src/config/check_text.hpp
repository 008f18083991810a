#pragma once

#include <string>
#include <string_view>

namespace quotesweep {

/// Whether a byte is an ASCII control character, such as a newline.
bool is_control(char byte);

/// A text with a space for every control character, for messages.
std::string one_line(std::string text);

/// Where a line of something read stands: "study.yaml:14", or an argument "--set ..." itself.
/// Lines count from 0.
std::string line_place(const std::string& origin, int line);

/// Throws Error naming the line of the first byte that is no UTF-8 text, such as those of binary
/// files.
void check_text(std::string_view text, const std::string& origin);

}  // namespace quotesweep
