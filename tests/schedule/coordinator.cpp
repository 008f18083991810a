#include "schedule/coordinator.hpp"

#include <catch2/catch.hpp>
#include <deque>

#include "base/error.hpp"
#include "schedule/crew.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

const HashFold fold;

/// Workers that answer when asked, in this thread; shows what the coordinator does between passes.
class Scripted final : public Channel {
 public:
  explicit Scripted(int workers) : queues_(static_cast<std::size_t>(workers)) {}

  int workers() const override { return static_cast<int>(queues_.size()); }
  void send(int worker, const Task& task) override {
    auto& queue = queues_[static_cast<std::size_t>(worker)];
    queue.push_back(task);
    most_ahead = std::max(most_ahead, queue.size());
    sizes.push_back(task.point_count * task.block_count);
  }
  void abandon(int) override {}
  void close() override { ++closed; }
  bool wait_closed(double) override { return true; }
  std::optional<Arrival> receive() override {
    for (std::size_t i = 0; i < queues_.size(); ++i, turn_ = (turn_ + 1) % queues_.size()) {
      auto& queue = queues_[turn_];
      if (queue.empty() || answered_) continue;
      Arrival arrival{static_cast<int>(turn_), result_of(queue.front(), 0.01)};
      queue.pop_front();
      answered_ = true;
      return arrival;
    }
    answered_ = false;
    return std::nullopt;
  }
  bool all_busy() const {
    return std::ranges::none_of(queues_, [](const auto& queue) { return queue.empty(); });
  }

  std::size_t most_ahead = 0;
  std::vector<std::uint64_t> sizes;
  int closed = 0;

 private:
  std::vector<std::deque<Task>> queues_;
  std::size_t turn_ = 0;
  bool answered_ = false;
};

bool covers(const Task& task, std::uint64_t point) {
  return task.first_point <= point && point < task.first_point + task.point_count;
}

void require_whole(const Progress& progress) {
  for (std::uint64_t point = 0; point < progress.size(); ++point)
    REQUIRE(progress[point].state == folded_state(point, progress.blocks()));
}

}  // namespace

TEST_CASE("any number of workers does every block once and gives the same bits", "[schedule]") {
  const Tiling tiling{.points = 37, .blocks = 6, .tile_points = 5};
  for (const int workers : {1, 2, 3, 8}) {
    Dealer dealer(tiling);
    Progress progress(tiling.points, tiling.blocks, fold);
    Count count;
    Crew crew(workers, [&](const Task& task) {
      count.add(task);
      std::this_thread::sleep_for(std::chrono::microseconds(task.first_point * 37 % 500));
      return evaluate_task(task);
    });
    std::uint64_t last_seen = 0;
    Watching observer([&](Progress& seen) { last_seen = seen.taken(); });
    coordinate(dealer, progress, crew.channels(), observer);
    CHECK(count.once_each(tiling));
    CHECK(last_seen == tiling.points * tiling.blocks);
    require_whole(progress);
  }
}

TEST_CASE("a task that throws fails its points, and the rest is finished", "[schedule]") {
  const Tiling tiling{.points = 40, .blocks = 4, .tile_points = 4};
  for (const int workers : {1, 3}) {
    Dealer dealer(tiling);
    Progress progress(tiling.points, tiling.blocks, fold);
    Count failed;
    Crew crew(workers, [&](const Task& task) {
      if (!covers(task, 17)) return evaluate_task(task);
      failed.add(task);
      throw std::runtime_error("unlucky");
    });
    Watching observer;
    coordinate(dealer, progress, crew.channels(), observer);
    CHECK(failed.has_point(17));
    CHECK(progress.taken() == 160);
    for (std::uint64_t point = 0; point < 40; ++point) {
      CHECK(progress[point].error == (failed.has_point(point) ? "unlucky" : ""));
      if (!failed.has_point(point)) CHECK(progress[point].state == folded_state(point, 4));
    }
  }
}

TEST_CASE("an observer that throws ends the workers and is heard", "[schedule]") {
  for (const std::uint64_t after : {0, 1, 20}) {
    Dealer dealer({.points = 50, .blocks = 50, .tile_points = 1});
    Progress progress(50, 50, fold);
    Crew crew(3, evaluate_task);
    Watching observer([&](Progress& seen) {
      if (seen.taken() >= after) throw Error("the disk is full");
    });
    CHECK_THROWS_WITH(coordinate(dealer, progress, crew.channels(), observer), "the disk is full");
    CHECK(progress.taken() < 2500);
  }  // the crew's threads end here
}

TEST_CASE("a result that does not fit ends the workers and is an error", "[schedule]") {
  Dealer dealer({.points = 50, .blocks = 2, .tile_points = 1});
  Progress progress(50, 2, fold);
  Crew crew(2, [](const Task& task) {
    auto states = evaluate_task(task);
    if (covers(task, 7)) states.pop_back();
    return states;
  });
  Watching observer;
  CHECK_THROWS_WITH(coordinate(dealer, progress, crew.channels(), observer),
                    Catch::Matchers::Contains("a task result holds"));
}

TEST_CASE("workers always have the next task ahead, and never more", "[schedule]") {
  Scripted first(3), second(1);
  Channel* const channels[] = {&first, &second};
  const Tiling tiling{.points = 400, .blocks = 3, .tile_points = 2};
  Dealer dealer(tiling);
  Progress progress(tiling.points, tiling.blocks, fold);
  Watching observer([&](Progress&) {
    if (dealer.remaining() > 0) CHECK((first.all_busy() && second.all_busy()));
  });
  coordinate(dealer, progress, channels, observer);
  CHECK(first.most_ahead == 2);
  CHECK(second.most_ahead == 2);
  CHECK(first.closed == 1);
  CHECK(second.closed == 1);
  require_whole(progress);
}

TEST_CASE("tasks begin with one cell, grow with the rate and shrink at the end", "[schedule]") {
  Scripted channel(2);
  Channel* const channels[] = {&channel};
  Dealer dealer({.points = 100'000, .blocks = 1, .tile_points = 10});
  Progress progress(100'000, 1, fold);
  Watching observer;
  coordinate(dealer, progress, channels, observer);
  CHECK(channel.sizes.front() == 10);
  CHECK(channel.sizes.back() == 10);
  CHECK(*std::ranges::max_element(channel.sizes) >= 1000);
  CHECK(channel.sizes.size() < 1000);
  require_whole(progress);
}
