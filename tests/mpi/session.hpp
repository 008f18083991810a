#pragma once

#include "schedule/mpi_session.hpp"

namespace quotesweep::testing {

/// MPI, which lives as long as the tests. Every rank runs the same test cases in the same order.
const MpiSession& session();

}  // namespace quotesweep::testing
