#include <mpi.h>

#include <catch2/catch.hpp>
#include <cstring>

#include "base/error.hpp"
#include "experiment/experiment.hpp"
#include "experiment/small_study.hpp"
#include "mpi/session.hpp"
#include "schedule/crew.hpp"
#include "schedule/mpi_channel.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

/// Hashes of points and blocks, slowly enough that every rank gets a share; one point fails.
class SlowFold final : public Evaluator {
 public:
  std::vector<double> evaluate(const Task& task) override {
    ++tasks;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    if (task.first_point <= 7 && 7 < task.first_point + task.point_count)
      throw Error("point 7 is unlucky");
    return evaluate_task(task);
  }
  int tasks = 0;
};

/// One rank's part of a sweep. Rank 0 coordinates while a thread of it works; the others work.
void sweep(Evaluator& evaluator, const Tiling& tiling, Progress& progress,
           SweepObserver& observer) {
  if (session().rank() > 0) {
    work(*make_mpi_port(session()), evaluator);
    return;
  }
  Dealer dealer(tiling);
  const auto remote = make_mpi_channel(session());
  Crew own(1, [&](const Task& task) { return evaluator.evaluate(task); });
  const std::vector<Channel*> channels{own.channels().front(), remote.get()};
  coordinate(dealer, progress, channels, observer);
}

}  // namespace

TEST_CASE("a sweep over ranks gives the bits of one in a single process", "[mpi]") {
  for (const bool common : {true, false}) {
    Study study = small_study();
    study.common_random_numbers = common;
    const auto expected = Experiment(study, 1).evaluate({0, 12, 0, 5});
    for (const std::uint64_t tile_points : {1, 5, 64}) {
      Experiment experiment(study, 1 + session().rank() % 2);
      Progress progress(12, 5, experiment);
      Watching observer;
      sweep(experiment, {12, 5, tile_points}, progress, observer);
      if (session().rank() > 0) continue;
      for (std::uint64_t point = 0; point < 12; ++point)
        REQUIRE(std::memcmp(progress[point].state.data(),
                            expected.data() + point * experiment.width(),
                            experiment.width() * sizeof(double)) == 0);
    }
  }
}

TEST_CASE("every rank works, and a task that fails anywhere fails its points alone", "[mpi]") {
  const HashFold fold;
  SlowFold evaluator;
  Progress progress(60, 3, fold);
  Watching observer;
  sweep(evaluator, {60, 3, 1}, progress, observer);
  CHECK(evaluator.tasks > 0);
  if (session().rank() > 0) return;
  CHECK(progress.taken() == 180);
  CHECK(progress[7].error == "point 7 is unlucky");
  for (std::uint64_t point = 0; point < 60; ++point)
    if (!progress[point].failed()) CHECK(progress[point].state == folded_state(point, 3));
}

TEST_CASE("an observer that throws lets every rank go", "[mpi]") {
  const HashFold fold;
  SlowFold evaluator;
  Progress progress(60, 3, fold);
  Watching observer([](Progress& seen) {
    if (seen.taken() > 20) throw Error("the disk is full");
  });
  if (session().rank() == 0)
    CHECK_THROWS_WITH(sweep(evaluator, {60, 3, 1}, progress, observer), "the disk is full");
  else
    sweep(evaluator, {60, 3, 1}, progress, observer);
  MPI_Barrier(MPI_COMM_WORLD);
  if (session().rank() > 0) return;
  const auto channel = make_mpi_channel(session());
  while (channel->receive()) {
  }  // results that came too late, so that the next test does not see them
}

TEST_CASE("a check that fails on the last rank only", "[.fails]") {
  if (session().rank() + 1 == session().size()) REQUIRE(session().rank() < 0);
  session().broadcast("");
}
