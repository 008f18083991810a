#include "base/process.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <thread>

using namespace quotesweep;

TEST_CASE("a process is alive until it ends, waited for or not", "[base]") {
  CHECK(is_alive(getpid()));
  CHECK(is_alive(1));
  const pid_t child = fork();
  if (child == 0) {
    for (;;) pause();
  }
  CHECK(is_alive(child));
  kill(child, SIGSTOP);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK(is_alive(child));
  kill(child, SIGKILL);
  for (int i = 0; i < 500 && is_alive(child); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  CHECK_FALSE(is_alive(child));
  waitpid(child, nullptr, 0);
  CHECK_FALSE(is_alive(child));
}
