#include "config/yaml_source.hpp"

#include <charconv>
#include <cmath>
#include <set>

namespace quotesweep {
namespace {

YAML::Node load(const std::string& text, const std::string& where) {
  try {
    const auto documents = YAML::LoadAll(text);
    if (documents.size() > 1)
      throw Error("{}: holds {} YAML documents (must be one); remove the lines '---'", where,
                  documents.size());
    return documents.empty() ? YAML::Node() : documents.front();
  } catch (const YAML::Exception& error) {
    throw Error("{}{}: not valid YAML: {}", where,
                error.mark.is_null() ? "" : fmt::format(":{}", error.mark.line + 1), error.msg);
  }
}

std::string join(const std::string& parent, const std::string& key) {
  return parent.empty() ? key : parent + "." + key;
}

}  // namespace

void Entry::fail(const std::string& problem) const {
  throw Error("{}: {} = {} ({})", where, key.empty() ? "the study" : key, text(), problem);
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

void YamlSource::set(const std::vector<std::string>& path, const std::string& value,
                     const std::string& argument) {
  const std::string where = "--set " + argument;
  std::string key;
  YAML::Node node = document_;
  for (const auto& name : path) {
    if (node.IsDefined() && !node.IsMap() && !node.IsNull())
      throw Error("{}: {} is not a mapping in {}, so nothing can be set in it", where, key,
                  origin_);
    key = join(key, name);
    node.reset(node[name]);
  }
  node = load(value, where);
  overrides_[key] = where;
}

Entry YamlSource::entry(std::string key, const YAML::Node& node, const YAML::Mark& mark) const {
  // An override is named itself; what lies below it too.
  for (std::string prefix = key;;) {
    if (const auto found = overrides_.find(prefix); found != overrides_.end())
      return {std::move(key), node, found->second};
    const auto dot = prefix.rfind('.');
    if (dot == std::string::npos) break;
    prefix.resize(dot);
  }
  if (!mark.is_null()) return {std::move(key), node, fmt::format("{}:{}", origin_, mark.line + 1)};
  // A mapping that an override has made.
  const auto below = overrides_.lower_bound(key + ".");
  const bool made = below != overrides_.end() && below->first.starts_with(key + ".");
  return {std::move(key), node, made ? below->second : origin_};
}

Entry YamlSource::root() const {
  return entry("", document_, document_.Mark());
}

std::vector<Entry> YamlSource::children(const Entry& parent) const {
  if (!parent.node.IsMap()) parent.fail("must be a mapping of keys to values");
  std::vector<Entry> result;
  std::set<std::string> seen;
  for (const auto& item : parent.node) {
    if (!item.first.IsScalar()) parent.fail("every key must be a name");
    const auto name = item.first.Scalar();
    auto child = entry(join(parent.key, name), item.second, item.first.Mark());
    if (!seen.insert(name).second) child.fail("this key stands here twice; remove one");
    result.push_back(std::move(child));
  }
  return result;
}

std::vector<Entry> YamlSource::elements(const Entry& parent) const {
  std::vector<Entry> result;
  for (const auto& item : parent.node) result.push_back(entry(parent.key, item, item.Mark()));
  return result;
}

std::string YamlSource::emit() const {
  YAML::Emitter emitter;
  emitter << document_;
  return std::string(emitter.c_str()) + "\n";
}

double read_number(const Entry& entry) {
  if (!entry.node.IsScalar()) entry.fail("must be a number");
  if (entry.node.Tag() == "!") entry.fail("must be a number, without quotes");
  const std::string& text = entry.node.Scalar();
  const char* first = text.data() + (text.starts_with('+') ? 1 : 0);
  double value = 0.0;
  const auto [end, error] = std::from_chars(first, text.data() + text.size(), value);
  const bool whole = end == text.data() + text.size();
  if (whole && error == std::errc::result_out_of_range)
    entry.fail("is out of the range of numbers");
  if (!whole || error != std::errc{}) entry.fail("must be a finite number, such as 0.5 or 1e6");
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
  if (!entry.node.IsScalar() || entry.node.Scalar().empty()) entry.fail("must be a name");
  return entry.node.Scalar();
}

}  // namespace quotesweep
