#pragma once

#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace quotesweep {

/// A value of a study together with where it stands, for messages.
struct Entry {
  std::string key;  // whole name, such as "sweep.gamma"
  YAML::Node node;
  std::string where;  // "study.yaml:14" or "--set gamma=-1"

  /// Throws Error "where: key = value (problem)".
  [[noreturn]] void fail(const std::string& problem) const;
  /// The value as the user wrote it, shortened.
  std::string text() const;
};

/// A YAML document with overrides, and where each value came from.
class YamlSource {
 public:
  YamlSource(const std::string& text, std::string origin);

  /// Sets what stands at `path`, a key per level, to a YAML value, from the command line argument
  /// `argument`.
  void set(const std::vector<std::string>& path, const std::string& value,
           const std::string& argument);

  Entry root() const;
  /// Entries of a mapping, in order. Throws Error where it is no mapping, or has a key twice.
  std::vector<Entry> children(const Entry& parent) const;
  /// Elements of a sequence.
  std::vector<Entry> elements(const Entry& parent) const;

  const std::string& origin() const { return origin_; }
  bool overridden() const { return !overrides_.empty(); }
  /// The document with its overrides, as text.
  std::string emit() const;

 private:
  Entry entry(std::string key, const YAML::Node& node, const YAML::Mark& mark) const;

  std::string origin_;
  YAML::Node document_;
  std::map<std::string, std::string> overrides_;  // key to argument
};

/// Scalars. Each throws Error where the value is of another kind.
double read_number(const Entry& entry);
std::uint64_t read_count(const Entry& entry, std::uint64_t least, std::uint64_t most);
bool read_flag(const Entry& entry);
std::string read_word(const Entry& entry);

}  // namespace quotesweep
