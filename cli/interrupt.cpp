#include "interrupt.h"

#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <string_view>
#include <thread>

#include "exit_code.h"

namespace aegis {
namespace {

// Lives as long as the process: the watching thread is detached.
std::stop_source& interrupt_source() {
  static std::stop_source source;
  return source;
}

void tell(std::string_view text) {
  [[maybe_unused]] const auto written = write(STDERR_FILENO, text.data(), text.size());
}

std::atomic<bool>& finishes() {
  static std::atomic<bool> finishes_work = false;
  return finishes_work;
}

void wait_for_signals(sigset_t signals) {
  int signal = 0;
  sigwait(&signals, &signal);
  if (finishes()) {
    tell("\nInterrupted: finishing what is running. Once more to leave at once.\n");
    interrupt_source().request_stop();
    sigwait(&signals, &signal);
    tell("\nLeft at once. The next plan tells what was begun.\n");
  }
  _exit(static_cast<int>(ExitCode::interrupted));
}

}  // namespace

void watch_for_interrupts() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  interrupt_source();
  finishes();
  std::thread(wait_for_signals, signals).detach();
  // A reader that goes away (`| head`) must end a write with an error, not the process mid-apply.
  std::signal(SIGPIPE, SIG_IGN);
}

void finish_on_interrupt() {
  finishes() = true;
}

std::stop_token interrupt_token() {
  return interrupt_source().get_token();
}

void wait_for_interrupt() {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait(lock, interrupt_token(), [] { return false; });
}

}  // namespace aegis
