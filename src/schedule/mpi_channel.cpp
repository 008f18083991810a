#include "schedule/mpi_channel.hpp"

#include <mpi.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <list>
#include <set>
#include <thread>
#include <utility>
#include <vector>

namespace quotesweep {
namespace {

enum Tag { task_tag = 1, result_tag = 2 };

using TaskWords = std::array<std::uint64_t, 4>;

/// A blocking receive would keep a core busy; between looks a waiting rank sleeps this long.
constexpr std::chrono::microseconds nap{500};

bool started_by_launcher() {
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK", "PMI_SIZE"})
    if (std::getenv(name) != nullptr) return true;
  return false;
}

TaskWords pack(const Task& task) {
  return {task.first_point, task.point_count, task.first_block, task.block_count};
}

Task unpack(const TaskWords& words) {
  return {words[0], words[1], words[2], words[3]};
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

  void send(int worker, const Task& task) override {
    auto& transfer = sends_.emplace_back();
    transfer.buffer = pack(task);
    MPI_Isend(transfer.buffer.data(), sizeof transfer.buffer, MPI_BYTE, worker + 1, task_tag,
              MPI_COMM_WORLD, &transfer.request);
  }

  void close() override {
    for (int worker = 0; worker < workers_; ++worker) send(worker, Task{});
  }

  std::optional<Arrival> receive() override {
    std::erase_if(sends_, [](auto& transfer) { return transfer.done(); });
    accept();
    std::set<int> waiting;  // workers whose next result is still under way
    for (auto transfer = receives_.begin(); transfer != receives_.end(); ++transfer) {
      if (waiting.contains(transfer->worker)) continue;
      if (!transfer->done()) {
        waiting.insert(transfer->worker);
        continue;
      }
      Arrival arrival{transfer->worker, unpack(transfer->buffer)};
      receives_.erase(transfer);
      return arrival;
    }
    return std::nullopt;
  }

  ~MpiChannel() override {
    for (auto& transfer : sends_) MPI_Wait(&transfer.request, MPI_STATUS_IGNORE);
  }

 private:
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

  int workers_;
  std::list<Transfer<TaskWords>> sends_;
  std::list<Transfer<std::vector<char>>> receives_;
};

class MpiPort final : public WorkerPort {
 public:
  std::optional<Task> next() override {
    for (int found = 0;;) {
      MPI_Iprobe(0, task_tag, MPI_COMM_WORLD, &found, MPI_STATUS_IGNORE);
      if (found != 0) break;
      std::this_thread::sleep_for(nap);
    }
    TaskWords words{};
    MPI_Recv(words.data(), sizeof words, MPI_BYTE, 0, task_tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    const Task task = unpack(words);
    if (task.point_count == 0) return std::nullopt;
    return task;
  }

  void deliver(TaskResult result) override {
    const auto bytes = pack(result);
    MPI_Send(bytes.data(), static_cast<int>(bytes.size()), MPI_BYTE, 0, result_tag, MPI_COMM_WORLD);
  }
};

}  // namespace

MpiSession::MpiSession() : active_(started_by_launcher()) {
  if (!active_) return;
  int provided = 0;
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
  MPI_Comm_size(MPI_COMM_WORLD, &size_);
  MPI_Comm local = MPI_COMM_NULL;
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &local);
  MPI_Comm_size(local, &local_size_);
  MPI_Comm_free(&local);
}

MpiSession::~MpiSession() {
  if (active_) MPI_Finalize();
}

std::string MpiSession::broadcast(std::string text) const {
  if (!active_) return text;
  std::uint64_t size = text.size();
  MPI_Bcast(&size, sizeof size, MPI_BYTE, 0, MPI_COMM_WORLD);
  text.resize(size);
  MPI_Bcast(text.data(), static_cast<int>(size), MPI_BYTE, 0, MPI_COMM_WORLD);
  return text;
}

void MpiSession::abort(int status) const {
  if (active_) MPI_Abort(MPI_COMM_WORLD, status);
  std::_Exit(status);
}

std::unique_ptr<Channel> make_mpi_channel(const MpiSession& session) {
  return std::make_unique<MpiChannel>(session.size() - 1);
}

std::unique_ptr<WorkerPort> make_mpi_port(const MpiSession&) {
  return std::make_unique<MpiPort>();
}

}  // namespace quotesweep
