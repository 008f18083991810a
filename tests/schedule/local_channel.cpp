#include "schedule/local_channel.hpp"

#include "schedule/channel_contract.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

TEST_CASE("the channel between threads keeps the contract", "[schedule]") {
  for (const auto& clause : channel_contract) {
    DYNAMIC_SECTION(clause.text) {
      LocalChannel channel;
      KnownAnswers answers;
      REQUIRE(channel.workers() == 1);
      const std::jthread worker([&] { work(channel, answers); });
      clause.check(channel);
    }
  }
}
