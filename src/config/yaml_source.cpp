#include "config/yaml_source.hpp"

#include <charconv>
#include <cmath>
#include <set>

namespace quotesweep {
namespace {

YAML::Node load(const std::string& text, const std::string& where) {
  try {
    return YAML::Load(text);
  } catch (const YAML::Exception& error) {
    throw Error("{}{}: not valid YAML: {}", where,
                error.mark.is_null() ? "" : fmt::format(":{}", error.mark.line + 1), error.msg);
  }
}

std::string join(const std::string& parent, const std::string& key) {
  return parent.empty() ? key : parent + "." + key;
}

void set_path(YAML::Node node, std::string_view key, const YAML::Node& value) {
  const auto dot = key.find('.');
  const std::string head(key.substr(0, dot));
  if (dot == std::string_view::npos) {
    node[head] = value;
    return;
  }
  // A sweep may name an axis by a whole name, which has a dot of its own.
  if (node.IsMap() && node[std::string(key)]) {
    node[std::string(key)] = value;
    return;
  }
  if (!node[head] || !node[head].IsMap()) node[head] = YAML::Node(YAML::NodeType::Map);
  set_path(node[head], key.substr(dot + 1), value);
}

}  // namespace

void Entry::fail(const std::string& problem) const {
  throw Error("{}: {} = {} ({})", where, key, text(), problem);
}

std::string Entry::text() const {
  YAML::Emitter emitter;
  emitter << YAML::Flow << node;
  std::string text = emitter.c_str();
  if (text.size() > 60) text = text.substr(0, 57) + "...";
  return text;
}

YamlSource::YamlSource(const std::string& text, std::string origin)
    : origin_(std::move(origin)), document_(load(text, origin_)) {
  if (!document_.IsMap())
    throw Error("{}: is not a study (must be a mapping such as 'market: {{sigma: 2}}')", origin_);
}

void YamlSource::set(const std::string& key, const std::string& value, const std::string& argument) {
  const std::string where = "--set " + argument;
  set_path(document_, key, load(value, where));
  overrides_[key] = where;
}

Entry YamlSource::entry(std::string key, const YAML::Node& node) const {
  // An override is named itself; what lies below it too.
  for (std::string prefix = key;;) {
    if (const auto found = overrides_.find(prefix); found != overrides_.end())
      return {std::move(key), node, found->second};
    const auto dot = prefix.rfind('.');
    if (dot == std::string::npos) break;
    prefix.resize(dot);
  }
  const int line = node.Mark().line + 1;
  return {std::move(key), node, line > 0 ? fmt::format("{}:{}", origin_, line) : origin_};
}

Entry YamlSource::root() const { return entry("", document_); }

std::vector<Entry> YamlSource::children(const Entry& parent) const {
  if (!parent.node.IsMap()) parent.fail("must be a mapping of keys to values");
  std::vector<Entry> result;
  std::set<std::string> seen;
  for (const auto& item : parent.node) {
    if (!item.first.IsScalar()) parent.fail("every key must be a name");
    const auto name = item.first.Scalar();
    auto child = entry(join(parent.key, name), item.second);
    if (!seen.insert(name).second) child.fail("this key stands here twice; remove one");
    result.push_back(std::move(child));
  }
  return result;
}

std::vector<Entry> YamlSource::elements(const Entry& parent) const {
  std::vector<Entry> result;
  for (const auto& item : parent.node) result.push_back(entry(parent.key, item));
  return result;
}

std::string YamlSource::emit() const {
  YAML::Emitter emitter;
  emitter << document_;
  return std::string(emitter.c_str()) + "\n";
}

double read_number(const Entry& entry) {
  if (!entry.node.IsScalar() || entry.node.Tag() == "!") entry.fail("must be a number");
  const std::string& text = entry.node.Scalar();
  const char* first = text.data() + (text.starts_with('+') ? 1 : 0);
  double value = 0.0;
  const auto [end, error] = std::from_chars(first, text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) entry.fail("must be a number");
  if (!std::isfinite(value)) entry.fail("must be finite");
  return value;
}

std::uint64_t read_count(const Entry& entry, std::uint64_t least, std::uint64_t most) {
  const double value = read_number(entry);
  if (value != std::floor(value)) entry.fail("must be a whole number");
  if (value < static_cast<double>(least) || value > static_cast<double>(most))
    entry.fail(fmt::format("must be from {} to {:g}", least, static_cast<double>(most)));
  return static_cast<std::uint64_t>(value);
}

bool read_flag(const Entry& entry) {
  bool value = false;
  if (!entry.node.IsScalar() || !YAML::convert<bool>::decode(entry.node, value))
    entry.fail("must be true or false");
  return value;
}

std::string read_word(const Entry& entry) {
  if (!entry.node.IsScalar()) entry.fail("must be a name");
  return entry.node.Scalar();
}

}  // namespace quotesweep
