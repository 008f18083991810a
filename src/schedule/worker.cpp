#include <chrono>
#include <exception>
#include <utility>

#include "schedule/channel.hpp"

namespace quotesweep {

void work(WorkerPort& port, Evaluator& evaluator) {
  while (const auto task = port.next()) {
    TaskResult result{.task = *task};
    const auto start = std::chrono::steady_clock::now();
    try {
      result.states = evaluator.evaluate(*task);
    } catch (const std::exception& error) {
      result.error = error.what();
      if (result.error.empty()) result.error = "unknown error";
    } catch (...) {
      result.error = "unknown error";
    }
    result.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    port.deliver(std::move(result));
  }
}

}  // namespace quotesweep
