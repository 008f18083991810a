#pragma once

#include <memory>

#include "schedule/channel.hpp"
#include "schedule/mpi_session.hpp"

namespace quotesweep {

/// Rank 0's channel to ranks 1, 2, ...: worker w is rank w + 1.
std::unique_ptr<Channel> make_mpi_channel(const MpiSession& session);

/// The port of a rank above 0. It throws Error where the coordinator is dead, or has been silent
/// for `silence` seconds; in its normal state it says that it is there every two.
std::unique_ptr<WorkerPort> make_mpi_port(const MpiSession& session, double silence = 30.0);

}  // namespace quotesweep
