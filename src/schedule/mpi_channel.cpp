#include "schedule/mpi_channel.hpp"

#include <fmt/format.h>
#include <mpi.h>

#include <array>
#include <chrono>
#include <cstring>
#include <deque>
#include <list>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/process.hpp"

namespace quotesweep {
namespace {

using Clock = std::chrono::steady_clock;

enum Tag { order_tag = 1, result_tag = 2, end_tag = 3 };

/// What a message of the coordinator says.
enum class Kind : std::uint64_t { task, alive, close };

using TaskWords = std::array<std::uint64_t, 4>;
using OrderWords = std::array<std::uint64_t, 5>;  // kind, task

constexpr double sign_of_life = 2.0;       // between messages of the coordinator [s]
constexpr double longest_farewell = 30.0;  // of workers that have been told to end [s]

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// A blocking receive would keep a core busy; between looks a waiting rank sleeps this long. The
/// coordinator, whose process simulates too, sleeps longer when nothing has come for a while.
constexpr std::chrono::microseconds nap{500}, long_nap{2000};
constexpr double while_busy = 0.02;  // [s]

TaskWords pack(const Task& task) {
  return {task.first_point, task.point_count, task.first_block, task.block_count};
}

Task unpack(const TaskWords& words) {
  return {words[0], words[1], words[2], words[3]};
}

OrderWords pack(Kind kind, const Task& task) {
  const auto words = pack(task);
  return {static_cast<std::uint64_t>(kind), words[0], words[1], words[2], words[3]};
}

Kind kind_of(const OrderWords& words) {
  return static_cast<Kind>(words[0]);
}

Task unpack(const OrderWords& words) {
  return unpack(TaskWords{words[1], words[2], words[3], words[4]});
}

/// Task, seconds, number of states, states, error text.
std::vector<char> pack(const TaskResult& result) {
  const TaskWords words = pack(result.task);
  const std::uint64_t count = result.states.size();
  std::vector<char> bytes;
  const auto add = [&bytes](const void* data, std::size_t size) {
    const auto* first = static_cast<const char*>(data);
    bytes.insert(bytes.end(), first, first + size);
  };
  add(words.data(), sizeof words);
  add(&result.seconds, sizeof result.seconds);
  add(&count, sizeof count);
  add(result.states.data(), count * sizeof(double));
  add(result.error.data(), result.error.size());
  return bytes;
}

TaskResult unpack(const std::vector<char>& bytes) {
  std::size_t at = 0;
  const auto take = [&](void* data, std::size_t size) {
    if (size > 0) std::memcpy(data, bytes.data() + at, size);
    at += size;
  };
  TaskWords words{};
  TaskResult result;
  std::uint64_t count = 0;
  take(words.data(), sizeof words);
  take(&result.seconds, sizeof result.seconds);
  take(&count, sizeof count);
  result.task = unpack(words);
  result.states.resize(count);
  take(result.states.data(), count * sizeof(double));
  result.error.assign(bytes.data() + at, bytes.size() - at);
  return result;
}

/// A message under way, with the memory it uses.
template <class Buffer>
struct Transfer {
  MPI_Request request = MPI_REQUEST_NULL;
  int worker = 0;
  Buffer buffer{};

  bool done() {
    int flag = 0;
    MPI_Test(&request, &flag, MPI_STATUS_IGNORE);
    return flag != 0;
  }
};

class MpiChannel final : public Channel {
 public:
  explicit MpiChannel(int workers) : workers_(workers) {}

  int workers() const override { return workers_; }

  void send(int worker, const Task& task) override { send(worker, Kind::task, task); }

  void abandon(int worker) override { abandoned_.insert(worker); }

  void close() override {
    closed_ = true;
    for (int worker = 0; worker < workers_; ++worker)
      if (!abandoned_.contains(worker)) send(worker, Kind::close, {});
  }

  std::optional<Arrival> receive() override {
    std::erase_if(sends_, [](auto& transfer) { return transfer.done(); });
    keep_alive();
    accept();
    std::set<int> waiting;  // workers whose next result is still under way
    for (auto transfer = receives_.begin(); transfer != receives_.end(); ++transfer) {
      if (waiting.contains(transfer->worker)) continue;
      if (!transfer->done()) {
        waiting.insert(transfer->worker);
        continue;
      }
      heard_ = Clock::now();
      Arrival arrival{transfer->worker, unpack(transfer->buffer)};
      abandoned_.erase(arrival.worker);
      receives_.erase(transfer);
      return arrival;
    }
    return std::nullopt;
  }

  void wait() override {
    const bool busy = !receives_.empty() || seconds_since(heard_) < while_busy;
    std::this_thread::sleep_for(busy ? nap : long_nap);
  }

  bool wait_closed(double seconds) override {
    const auto start = Clock::now();
    const auto expected = static_cast<std::size_t>(workers_) - abandoned_.size();
    for (;;) {
      hear_ends();
      while (receive()) {
      }  // too late to be used, but a worker waits until it is taken
      if (ended_.size() >= expected || seconds_since(start) > seconds) break;
      std::this_thread::sleep_for(nap);
    }
    return abandoned_.empty() && ended_.size() == expected;
  }

  ~MpiChannel() override {
    if (closed_) wait_closed(longest_farewell);
    for (auto& transfer : sends_)
      if (!abandoned_.contains(transfer.worker)) MPI_Wait(&transfer.request, MPI_STATUS_IGNORE);
  }

 private:
  void send(int worker, Kind kind, const Task& task) {
    auto& transfer = sends_.emplace_back();
    transfer.worker = worker;
    transfer.buffer = pack(kind, task);
    MPI_Isend(transfer.buffer.data(), sizeof transfer.buffer, MPI_BYTE, worker + 1, order_tag,
              MPI_COMM_WORLD, &transfer.request);
  }

  /// Tells workers now and then that the coordinator is there.
  void keep_alive() {
    if (seconds_since(told_) < sign_of_life) return;
    told_ = Clock::now();
    for (int worker = 0; worker < workers_; ++worker)
      if (!abandoned_.contains(worker) && !ended_.contains(worker)) send(worker, Kind::alive, {});
  }

  /// Starts to receive what workers have announced.
  void accept() {
    for (int found = 1; found != 0;) {
      MPI_Message message{};
      MPI_Status status{};
      MPI_Improbe(MPI_ANY_SOURCE, result_tag, MPI_COMM_WORLD, &found, &message, &status);
      if (found == 0) return;
      int size = 0;
      MPI_Get_count(&status, MPI_BYTE, &size);
      auto& transfer = receives_.emplace_back();
      transfer.worker = status.MPI_SOURCE - 1;
      transfer.buffer.resize(static_cast<std::size_t>(size));
      MPI_Imrecv(transfer.buffer.data(), size, MPI_BYTE, &message, &transfer.request);
    }
  }

  void hear_ends() {
    for (int found = 1; found != 0;) {
      MPI_Status status{};
      MPI_Iprobe(MPI_ANY_SOURCE, end_tag, MPI_COMM_WORLD, &found, &status);
      if (found == 0) return;
      MPI_Recv(nullptr, 0, MPI_BYTE, status.MPI_SOURCE, end_tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
      ended_.insert(status.MPI_SOURCE - 1);
    }
  }

  int workers_;
  bool closed_ = false;
  std::set<int> abandoned_, ended_;
  Clock::time_point told_ = Clock::now(), heard_ = told_;
  std::list<Transfer<OrderWords>> sends_;
  std::list<Transfer<std::vector<char>>> receives_;
};

class MpiPort final : public WorkerPort {
 public:
  MpiPort(const MpiSession& session, double silence) : session_(session), silence_(silence) {}

  ~MpiPort() override {
    if (closed_) MPI_Send(nullptr, 0, MPI_BYTE, 0, end_tag, MPI_COMM_WORLD);
  }

  std::optional<Task> next() override {
    heard_ = Clock::now();
    for (;;) {
      listen();
      if (closed_) return std::nullopt;
      if (!tasks_.empty()) break;
      wait_a_little();
    }
    const Task task = tasks_.front();
    tasks_.pop_front();
    return task;
  }

  void deliver(TaskResult result) override {
    Transfer<std::vector<char>> transfer;
    transfer.buffer = pack(result);
    MPI_Isend(transfer.buffer.data(), static_cast<int>(transfer.buffer.size()), MPI_BYTE, 0,
              result_tag, MPI_COMM_WORLD, &transfer.request);
    heard_ = Clock::now();
    while (!transfer.done()) {
      listen();
      wait_a_little();
    }
  }

 private:
  /// Takes in all orders that have come.
  void listen() {
    for (int found = 1; found != 0;) {
      MPI_Iprobe(0, order_tag, MPI_COMM_WORLD, &found, MPI_STATUS_IGNORE);
      if (found == 0) return;
      OrderWords words{};
      MPI_Recv(words.data(), sizeof words, MPI_BYTE, 0, order_tag, MPI_COMM_WORLD,
               MPI_STATUS_IGNORE);
      heard_ = Clock::now();
      if (kind_of(words) == Kind::close) closed_ = true;
      if (kind_of(words) == Kind::task) tasks_.push_back(unpack(words));
    }
  }

  /// Throws Error where the coordinator is dead, or has been silent for too long.
  void wait_a_little() {
    if (session_.coordinator_died()) throw Error("the coordinator (rank 0) has died");
    if (seconds_since(heard_) > silence_)
      throw Error("nothing was heard of the coordinator (rank 0) for {:.0f} s", silence_);
    std::this_thread::sleep_for(nap);
  }

  const MpiSession& session_;
  double silence_;  // [s]
  Clock::time_point heard_ = Clock::now();
  std::deque<Task> tasks_;
  bool closed_ = false;
};

}  // namespace

std::unique_ptr<Channel> make_mpi_channel(const MpiSession& session) {
  return std::make_unique<MpiChannel>(session.size() - 1);
}

std::unique_ptr<WorkerPort> make_mpi_port(const MpiSession& session, double silence) {
  return std::make_unique<MpiPort>(session, silence);
}

}  // namespace quotesweep
