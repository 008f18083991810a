#include "schedule/mpi_channel.hpp"

#include "mpi/session.hpp"
#include "schedule/channel_contract.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

TEST_CASE("the channel between ranks keeps the contract", "[mpi]") {
  for (const auto& clause : channel_contract) {
    DYNAMIC_SECTION(clause.text) {
      KnownAnswers answers;
      if (session().rank() == 0) {
        const auto channel = make_mpi_channel(session());
        REQUIRE(channel->workers() == session().size() - 1);
        clause.check(*channel);
      } else {
        work(*make_mpi_port(session()), answers);
      }
    }
  }
}

TEST_CASE("a text is broadcast whole, also an empty one and a long one", "[mpi]") {
  for (const auto& text : {std::string(), std::string("a\0b", 3), std::string(3'000'000, 'x')})
    CHECK(session().broadcast(session().rank() == 0 ? text : "mine") == text);
}

TEST_CASE("ranks are numbered below their count and know how many share the machine", "[mpi]") {
  CHECK(session().rank() < session().size());
  CHECK(session().local_size() == session().size());
}
