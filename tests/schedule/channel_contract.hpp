#pragma once

#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <stdexcept>
#include <thread>

#include "schedule/channel.hpp"

/// What every transport owes to coordinator and workers. A transport's test starts workers that run
/// `work` with KnownAnswers and calls each clause with the coordinator's end; a clause always
/// closes the channel, after which the workers must have ended.
namespace quotesweep::testing {

/// What a task is for, in its block_count.
enum Kind : std::uint64_t { small = 1, none, large, failing, nameless, slow };

inline constexpr std::chrono::milliseconds slow_time{400};

inline Task task_of(std::uint64_t number, Kind kind) {
  return {number, 1, 0, kind};
}

/// The result of a task: a function of it alone.
inline TaskResult answer(const Task& task) {
  TaskResult result{.task = task};
  if (task.block_count == failing)
    result.error = "task " + std::to_string(task.first_point) + ": naïve, \"quoted\"\nand long " +
                   std::string(5000, '.');
  if (task.block_count == nameless) result.error = "unknown error";
  if (task.block_count == small || task.block_count == slow)
    result.states = {static_cast<double>(task.first_point), -0.0, std::nan("77"),
                     std::numeric_limits<double>::denorm_min()};
  if (task.block_count == large)
    for (int i = 0; i < 500'000; ++i)  // 4 MB
      result.states.push_back(static_cast<double>(task.first_point) + i / 1e6);
  return result;
}

class KnownAnswers final : public Evaluator {
 public:
  std::vector<double> evaluate(const Task& task) override {
    if (task.block_count == slow) std::this_thread::sleep_for(slow_time);
    if (task.block_count == nameless) throw 42;
    const auto result = answer(task);
    if (!result.error.empty()) throw std::runtime_error(result.error);
    return result.states;
  }
};

inline bool same_result(const TaskResult& a, const TaskResult& b) {
  return a.task == b.task && a.error == b.error && a.states.size() == b.states.size() &&
         (a.states.empty() ||
          std::memcmp(a.states.data(), b.states.data(), a.states.size() * sizeof(double)) == 0);
}

/// The next `count` results by worker, in the order of arrival.
inline std::map<int, std::vector<TaskResult>> collect(Channel& channel, int count) {
  std::map<int, std::vector<TaskResult>> results;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (count > 0 && std::chrono::steady_clock::now() < deadline) {
    auto arrival = channel.receive();
    if (arrival) {
      results[arrival->worker].push_back(std::move(arrival->result));
      --count;
    } else {
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
  }
  CHECK(count == 0);
  return results;
}

/// Ends the workers, which must happen at once where they are idle.
inline void close_and_wait(Channel& channel) {
  channel.close();
  CHECK(channel.wait_closed(20.0));
}

/// Sends these kinds to every worker, each task with its own number, and checks what comes back.
inline void check_exchange(Channel& channel, const std::vector<Kind>& kinds) {
  std::map<int, std::vector<Task>> sent;
  std::uint64_t number = 0;
  for (const auto kind : kinds)
    for (int worker = 0; worker < channel.workers(); ++worker) {
      sent[worker].push_back(task_of(++number, kind));
      channel.send(worker, sent[worker].back());
    }
  const auto received = collect(channel, static_cast<int>(number));
  close_and_wait(channel);
  for (const auto& [worker, tasks] : sent) {
    REQUIRE(received.at(worker).size() == tasks.size());
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      INFO("worker " << worker << ", task " << i);
      CHECK(same_result(received.at(worker)[i], answer(tasks[i])));
      CHECK(received.at(worker)[i].seconds >= 0.0);
    }
  }
  CHECK_FALSE(channel.receive());
}

struct Clause {
  const char* text;
  void (*check)(Channel&);
};

inline const Clause channel_contract[] = {
    {"a worker answers its tasks in the order in which they were sent",
     [](Channel& channel) { check_exchange(channel, std::vector<Kind>(100, small)); }},
    {"results come back whole: large, empty, failed, with every bit of a double",
     [](Channel& channel) {
       check_exchange(channel, {large, small, none, failing, large, large, nameless, none, small});
     }},
    {"closing lets the task that was begun finish, and drops the others",
     [](Channel& channel) {
       for (int worker = 0; worker < channel.workers(); ++worker) {
         channel.send(worker, task_of(1, slow));
         for (std::uint64_t i = 2; i < 30; ++i) channel.send(worker, task_of(i, slow));
       }
       std::this_thread::sleep_for(slow_time / 2);
       channel.close();
       for (const auto& [worker, results] : collect(channel, channel.workers()))
         CHECK(same_result(results.at(0), answer(task_of(1, slow))));
       CHECK(channel.wait_closed(6.0));  // all of them would take twelve seconds
     }},
    {"waiting for the end gives up where a worker takes too long",
     [](Channel& channel) {
       for (int worker = 0; worker < channel.workers(); ++worker)
         channel.send(worker, task_of(1, slow));
       std::this_thread::sleep_for(slow_time / 4);
       channel.close();
       CHECK((channel.workers() == 0 || !channel.wait_closed(0.01)));
       CHECK(channel.wait_closed(20.0));
     }},
    {"workers of a channel that is closed at once do nothing",
     [](Channel& channel) { check_exchange(channel, {}); }},
    {"neither sending nor receiving waits for a worker that is busy",
     [](Channel& channel) {
       const auto start = std::chrono::steady_clock::now();
       CHECK_FALSE(channel.receive());
       for (int worker = 0; worker < channel.workers(); ++worker)
         for (int i = 0; i < 2; ++i) channel.send(worker, task_of(1, slow));
       CHECK_FALSE(channel.receive());
       CHECK(std::chrono::steady_clock::now() - start < slow_time);
       collect(channel, 2 * channel.workers());
       close_and_wait(channel);
     }},
    {"a task says how long it took",
     [](Channel& channel) {
       for (int worker = 0; worker < channel.workers(); ++worker)
         channel.send(worker, task_of(1, slow));
       for (const auto& [worker, results] : collect(channel, channel.workers()))
         CHECK(results.at(0).seconds >= 0.4);
       close_and_wait(channel);
     }},
};

}  // namespace quotesweep::testing
