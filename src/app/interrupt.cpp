#include "app/interrupt.hpp"

#include <unistd.h>

#include <csignal>

#include "base/process.hpp"

namespace quotesweep {
namespace {

volatile std::sig_atomic_t received = 0;  // what a signal handler may touch
volatile std::sig_atomic_t leader_process = 0;

extern "C" void remember(int signal) {
  received = signal;
}

/// Looks again every second.
extern "C" void end_with_leader(int) {
  if (!is_alive(leader_process)) _exit(128 + SIGTERM);
  alarm(1);
}

void handle(int signal, void (*handler)(int), int flags) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigaction(signal, &action, nullptr);
}

}  // namespace

void catch_interrupts() {
  handle(SIGINT, remember, SA_RESTART | static_cast<int>(SA_RESETHAND));
  handle(SIGTERM, remember, SA_RESTART);
  handle(SIGUSR1, remember, SA_RESTART);
}

void follow_interrupts(int leader) {
  handle(SIGINT, SIG_IGN, 0);
  handle(SIGUSR1, SIG_IGN, 0);
  leader_process = leader;
  handle(SIGTERM, leader != 0 ? end_with_leader : SIG_IGN, SA_RESTART);
  handle(SIGALRM, end_with_leader, SA_RESTART);
}

const char* interrupted() {
  if (received == SIGINT) return "SIGINT";
  if (received == SIGTERM) return "SIGTERM";
  return received == SIGUSR1 ? "SIGUSR1" : "";
}

}  // namespace quotesweep
