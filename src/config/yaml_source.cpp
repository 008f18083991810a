#include "config/yaml_source.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>

#include "config/check_text.hpp"
#include "config/check_yaml.hpp"

namespace quotesweep {
namespace {

std::string place(const std::string& where, const YAML::Mark& mark) {
  return mark.is_null() ? where : line_place(where, mark.line);
}

YAML::Node load(const std::string& text, const std::string& where) {
  check_text(text, where);
  try {
    check_yaml(text);
    const auto documents = YAML::LoadAll(text);
    if (documents.size() > 1)
      throw Error("{}: begins one of {} YAML documents (must be one); remove the lines '---'",
                  place(where, documents[1].Mark()), documents.size());
    return documents.empty() ? YAML::Node() : documents.front();
  } catch (const YAML::Exception& error) {
    throw Error(
        "{}: not valid YAML: {}. Check brackets, colons, quotes and indentation there (spaces, no "
        "tabs)",
        place(where, error.mark), error.msg);
  }
}

constexpr std::size_t longest_text = 60;

/// Adds a value on one line, as YAML; stops where the text is too long to be shown in full.
void add_flow_text(std::string& text, const YAML::Node& node) {
  if (text.size() > longest_text) return;
  if (!node.IsSequence() && !node.IsMap()) {
    YAML::Emitter emitter;
    emitter << node;
    text += emitter.c_str();
    return;
  }
  text += node.IsMap() ? '{' : '[';
  const auto begin = text.size();
  for (const auto& item : node) {
    if (text.size() > begin) text += ", ";
    if (node.IsMap()) {
      add_flow_text(text, item.first);
      text += ": ";
      add_flow_text(text, item.second);
    } else {
      add_flow_text(text, item);
    }
    if (text.size() > longest_text) return;
  }
  text += node.IsMap() ? '}' : ']';
}

/// The first bytes of a text, without part of a character.
std::string shortened(const std::string& text) {
  if (text.size() <= longest_text) return text;
  std::size_t end = longest_text - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

/// Fails where a scalar says that it is something else: "0.1" and !!str 0.1 are texts.
void check_plain(const Entry& entry, std::string_view need) {
  const auto& tag = entry.node.Tag();
  if (tag.empty() || tag == "?") return;
  entry.fail(fmt::format("must be {}, without {}", need, tag == "!" ? "quotes" : "a tag"));
}

std::string join(const std::string& parent, const std::string& key) {
  return parent.empty() ? key : parent + "." + key;
}

}  // namespace

void Entry::fail(const std::string& problem) const {
  throw Error("{}: {} = {} ({})", where, key.empty() ? "the study" : key, text(), problem);
}

std::string Entry::text() const {
  std::string text;
  add_flow_text(text, node);
  return shortened(text);
}

YamlSource::YamlSource(const std::string& text, std::string origin)
    : origin_(std::move(origin)), document_(load(text, origin_)) {
  constexpr const char* need = "must be a mapping such as 'market: {sigma: 2}'";
  if (document_.IsNull()) throw Error("{}: holds nothing (a study {})", origin_, need);
  if (!document_.IsMap()) root().fail(need);
}

void YamlSource::set(const std::vector<std::string>& path, const std::string& value,
                     const std::string& argument) {
  const std::string where = "--set " + one_line(argument);
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
  if (!mark.is_null()) return {std::move(key), node, line_place(origin_, mark.line)};
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
    if (std::ranges::any_of(name, is_control)) parent.fail("every key must be on one line");
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
  check_plain(entry, "a number");
  const std::string& text = entry.node.Scalar();
  if (text == ".inf" || text == "+.inf") return std::numeric_limits<double>::infinity();
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
  if (std::isinf(value)) entry.fail("must be a finite number, such as 0.5 or 1e6");
  if (value != std::floor(value)) entry.fail("must be a whole number");
  if (value < static_cast<double>(least) || value > static_cast<double>(most))
    entry.fail(fmt::format("must be from {} to {:g}", least, static_cast<double>(most)));
  return static_cast<std::uint64_t>(value);
}

bool read_flag(const Entry& entry) {
  bool value = false;
  if (!entry.node.IsScalar() || !YAML::convert<bool>::decode(entry.node, value))
    entry.fail("must be true or false");
  check_plain(entry, "true or false");
  return value;
}

std::string read_word(const Entry& entry) {
  if (!entry.node.IsScalar() || entry.node.Scalar().empty()) entry.fail("must be a name");
  if (std::ranges::any_of(entry.node.Scalar(), is_control))
    entry.fail("must be a name on one line, without control characters");
  return entry.node.Scalar();
}

}  // namespace quotesweep
