#include <catch2/catch.hpp>
#include <deque>
#include <utility>

#include "schedule/coordinator.hpp"
#include "schedule/crew.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

const HashFold fold;

/// A worker in this thread that answers only while it is awake.
class Moody final : public Channel {
 public:
  int workers() const override { return 1; }
  void send(int, const Task& task) override { tasks_.push_back(task); }
  void abandon(int) override { ++abandoned; }
  void close() override { closed = true; }
  bool wait_closed(double) override { return true; }
  std::optional<Arrival> receive() override {
    if (!awake || tasks_.empty() || std::exchange(answered_, !answered_)) return std::nullopt;
    Arrival arrival{0, result_of(tasks_.front(), 10.0)};
    tasks_.pop_front();
    ++answers;
    return arrival;
  }

  bool awake = true, closed = false;
  int abandoned = 0, answers = 0;

 private:
  std::deque<Task> tasks_;
  bool answered_ = false;
};

/// Notes what it is told.
class Diary final : public SweepObserver {
 public:
  std::function<void(Progress&)> watch = [](Progress&) {};
  void on_progress(Progress& progress) override { watch(progress); }
  void on_stop(Progress& progress) override { stopped_at = progress.taken(); }
  void on_lost(int worker, const std::vector<Task>& tasks) override {
    lost.push_back(worker);
    tasks_lost = tasks;
  }
  void on_return(int worker) override { returned.push_back(worker); }

  std::vector<int> lost, returned;
  std::vector<Task> tasks_lost;
  std::optional<std::uint64_t> stopped_at;
};

void require_whole(const Progress& progress) {
  for (std::uint64_t point = 0; point < progress.size(); ++point)
    REQUIRE(progress[point].state == folded_state(point, progress.blocks()));
  REQUIRE(progress.taken() == progress.size() * progress.blocks());
}

CoordinationTerms terms_of(double worker_timeout) {
  return {.worker_timeout = worker_timeout};
}

}  // namespace

TEST_CASE("a stop keeps what is being worked on and drops what is ahead", "[schedule]") {
  Dealer dealer({.points = 1000, .blocks = 4, .tile_points = 1});
  Progress progress(1000, 4, fold);
  Count asked;
  Crew crew(3, [&](const Task& task) {
    asked.add(task);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return evaluate_task(task);
  });
  Diary diary;
  const CoordinationTerms terms{.stop = [&] { return progress.taken() >= 100; }};
  CHECK(coordinate(dealer, progress, crew.channels(), diary, terms) == SweepEnd::stopped);
  REQUIRE(diary.stopped_at);
  CHECK(*diary.stopped_at >= 100);
  CHECK(progress.taken() > *diary.stopped_at);  // what was running has come in
  CHECK(progress.taken() == asked.size());      // all of it, and nothing was begun for nothing
  CHECK_FALSE(progress.finished());
}

TEST_CASE("a stop waits for a worker that does not answer only so long", "[schedule]") {
  Moody silent;
  silent.awake = false;
  Channel* const channels[] = {&silent};
  Dealer dealer({.points = 10, .blocks = 1, .tile_points = 1});
  Progress progress(10, 1, fold);
  Diary diary;
  const auto start = std::chrono::steady_clock::now();
  bool asked = false;  // after a first pass, in which tasks are dealt
  const CoordinationTerms terms{.stop_timeout = 0.1,
                                .stop = [&] { return std::exchange(asked, true); }};
  CHECK(coordinate(dealer, progress, channels, diary, terms) == SweepEnd::stopped);
  CHECK(std::chrono::steady_clock::now() - start >= std::chrono::milliseconds(100));
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
  CHECK(silent.closed);
}

TEST_CASE("a stop that is asked for at once does nothing", "[schedule]") {
  Dealer dealer({.points = 10, .blocks = 1, .tile_points = 1});
  Progress progress(10, 1, fold);
  Crew crew(2, evaluate_task);
  Diary diary;
  CHECK(coordinate(dealer, progress, crew.channels(), diary, {.stop = [] { return true; }}) ==
        SweepEnd::stopped);
  CHECK(progress.taken() == 0);
  CHECK(dealer.remaining() == 10);
}

TEST_CASE("a worker that never answers is given up, and others do its tasks once", "[schedule]") {
  Moody sound, silent;
  silent.awake = false;
  Channel* const channels[] = {&sound, &silent};
  const Tiling tiling{.points = 200, .blocks = 5, .tile_points = 7};
  Dealer dealer(tiling);
  Progress progress(tiling.points, tiling.blocks, fold);
  Diary diary;
  CHECK(coordinate(dealer, progress, channels, diary, terms_of(0.2)) == SweepEnd::finished);
  require_whole(progress);
  CHECK(diary.lost == std::vector<int>{1});
  CHECK(diary.tasks_lost.size() == 2);
  CHECK(diary.returned.empty());
  CHECK(silent.abandoned == 1);
  CHECK(sound.abandoned == 0);
}

TEST_CASE("a worker that answers late is taken once and used again", "[schedule]") {
  Moody sound, sleeper;
  sleeper.awake = false;
  Channel* const channels[] = {&sound, &sleeper};
  const Tiling tiling{.points = 600, .blocks = 1, .tile_points = 1};
  Dealer dealer(tiling);
  Progress progress(tiling.points, tiling.blocks, fold);
  Diary diary;
  diary.watch = [&](Progress&) {
    sleeper.awake = !diary.lost.empty();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));  // the other one must not do it all
  };
  CHECK(coordinate(dealer, progress, channels, diary, terms_of(0.2)) == SweepEnd::finished);
  require_whole(progress);
  CHECK(diary.lost.front() == 1);
  CHECK(diary.returned.front() == 1);
  CHECK(sleeper.answers > 2);  // more than it held when it was given up
}

TEST_CASE("the last worker is never given up", "[schedule]") {
  Moody slow;
  Channel* const channels[] = {&slow};
  Dealer dealer({.points = 20, .blocks = 1, .tile_points = 1});
  Progress progress(20, 1, fold);
  Diary diary;
  auto asleep_until = std::chrono::steady_clock::now();
  diary.watch = [&](Progress& seen) {
    if (seen.taken() == 10 && slow.awake) {
      slow.awake = false;
      asleep_until = std::chrono::steady_clock::now() + std::chrono::milliseconds(200);
    }
    slow.awake = slow.awake || std::chrono::steady_clock::now() > asleep_until;
  };
  CHECK(coordinate(dealer, progress, channels, diary, terms_of(0.01)) == SweepEnd::finished);
  require_whole(progress);
  CHECK(diary.lost.empty());
}

TEST_CASE("a sweep goes on where an earlier one stopped", "[schedule]") {
  const Tiling tiling{.points = 40, .blocks = 6, .tile_points = 4};
  Progress first(tiling.points, tiling.blocks, fold);
  {
    Dealer dealer(tiling);
    Crew crew(2, evaluate_task);
    Diary diary;
    coordinate(dealer, first, crew.channels(), diary,
               {.stop = [&] { return first.taken() >= 60; }});
  }
  Progress second(tiling.points, tiling.blocks, fold);
  for (std::uint64_t point = 0; point < tiling.points; ++point) {
    auto known = first[point];
    known.waiting.clear();  // a file does not keep them
    second.restore(point, std::move(known), false);
  }
  const auto restored = second.restored();
  REQUIRE(restored > 0);
  Count asked;
  Dealer dealer(tiling, second);
  Crew crew(2, [&](const Task& task) {
    asked.add(task);
    return evaluate_task(task);
  });
  Diary diary;
  CHECK(coordinate(dealer, second, crew.channels(), diary) == SweepEnd::finished);
  require_whole(second);
  CHECK(asked.size() == tiling.points * tiling.blocks - restored);
}
