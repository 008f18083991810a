#include "config/check_text.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace quotesweep {
namespace {

bool is_text(char byte) {
  return !is_control(byte) || byte == '\t' || byte == '\n' || byte == '\r';
}

bool continues(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

/// Bytes of the UTF-8 character that `text` begins with, or 0 where it begins with none.
std::size_t character_length(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return is_text(text[0]) ? 1 : 0;
  if (first < 0xC2 || first > 0xF4) return 0;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (text.size() < length) return 0;
  return std::ranges::all_of(text.substr(1, length - 1), continues) ? length : 0;
}

}  // namespace

bool is_control(char byte) {
  return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f;
}

std::string one_line(std::string text) {
  std::ranges::replace_if(text, is_control, ' ');
  return text;
}

std::string line_place(const std::string& origin, int line) {
  return origin.starts_with("--set ") ? origin : fmt::format("{}:{}", origin, line + 1);
}

void check_text(std::string_view text, const std::string& origin) {
  int line = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = character_length(text.substr(at));
    if (length == 0)
      throw Error(
          "{}: holds the byte 0x{:02x}, which is not text; a study is a text file in UTF-8, not a "
          "binary file. Choose another file, or save it as UTF-8",
          line_place(origin, line), static_cast<unsigned char>(text[at]));
    line += text[at] == '\n';
    at += length;
  }
}

}  // namespace quotesweep
