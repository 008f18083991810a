#include "replay/replay_rule.hpp"

namespace quotesweep {

std::vector<std::unique_ptr<ReplayRule>> make_replay_rules(std::span<const Scenario>) {
  return {};
}

}  // namespace quotesweep
