#include "config/check_yaml.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <sstream>
#include <vector>

namespace quotesweep {
namespace {

/// Counts what the parser tells, and watches which anchors are open.
class Watcher final : public YAML::EventHandler {
 public:
  explicit Watcher(std::size_t most_events) : left_(most_events) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { count(mark); }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                const std::string&) override {
    count(mark);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    count(mark);
    for (const auto open : open_)
      if (open == anchor) throw YAML::ParserException(mark, "an alias stands inside of its anchor");
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, anchor);
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, anchor);
  }
  void OnMapEnd() override { open_.pop_back(); }

 private:
  void count(const YAML::Mark& mark) {
    if (left_-- == 0) throw YAML::ParserException(mark, "the parser does not get past this place");
  }
  void open(const YAML::Mark& mark, YAML::anchor_t anchor) {
    count(mark);
    open_.push_back(anchor);
  }

  std::size_t left_;
  std::vector<YAML::anchor_t> open_;  // of the sequences and mappings around
};

}  // namespace

void check_yaml(const std::string& text) {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  Watcher watcher(4 * text.size() + 16);  // a character makes at most a value, or a few empty ones
  while (parser.HandleNextDocument(watcher)) {
  }
}

}  // namespace quotesweep
