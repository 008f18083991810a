#define CATCH_CONFIG_RUNNER
#include <mpi.h>

#include <catch2/catch.hpp>
#include <iostream>
#include <sstream>

#include "mpi/session.hpp"

namespace quotesweep::testing {
namespace {

const MpiSession* current = nullptr;

/// Ends all ranks at the first failure on one, which the others would otherwise wait for.
class AbortOnFailure final : public Catch::TestEventListenerBase {
 public:
  using TestEventListenerBase::TestEventListenerBase;

  bool assertionEnded(const Catch::AssertionStats& stats) override {
    const auto& result = stats.assertionResult;
    if (result.isOk()) return true;
    std::ostringstream text;  // one write, which the output of other ranks does not split
    text << "rank " << session().rank() << ": " << result.getSourceInfo() << ": "
         << result.getExpressionInMacro() << "\n  " << result.getExpandedExpression() << "\n  "
         << result.getMessage() << "\n";
    std::cerr << text.str() << std::flush;
    session().abort(1);
  }
};

CATCH_REGISTER_LISTENER(AbortOnFailure)

}  // namespace

const MpiSession& session() {
  return *current;
}

}  // namespace quotesweep::testing

int main(int argc, char** argv) {
  const quotesweep::MpiSession session;
  quotesweep::testing::current = &session;
  Catch::Session tests;
  if (session.rank() > 0) tests.configData().outputFilename = "/dev/null";
  const int failures = tests.run(argc, argv);
  return failures == 0 ? 0 : 1;
}
