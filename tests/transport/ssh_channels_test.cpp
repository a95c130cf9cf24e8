#include <atomic>
#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

#include "base/digest.h"
#include "transport/ssh_fixture.h"

namespace aegis::test {
namespace {

using transport::SystemDoors;

// How many of `count` programs, all started at once, answered with their own number.
int run_at_once(SystemDoors& doors, int count, const std::string& script) {
  std::atomic<int> right = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < count; ++i) {
    callers.emplace_back([&, i] {
      const auto output =
          doors.shell().run(on_host({"sh", "-c", script + "cat"}, "number " + std::to_string(i)));
      if (output && output->out == "number " + std::to_string(i)) ++right;
    });
  }
  for (std::thread& caller : callers) caller.join();
  return right;
}

}  // namespace

TEST_CASE("a host is connected to at the first use, not before, and once") {
  PrivateSshd sshd;
  SystemDoors doors(connections_to(sshd), isolated_options());
  CHECK(sshd.connections() == 0);
  for (int i = 0; i < 5; ++i) REQUIRE(doors.shell().run(on_host({"true"})));
  CHECK(sshd.connections() == 1);
}

TEST_CASE("fifty programs at once all run, although the host allows ten a connection") {
  PrivateSshd sshd;
  SystemDoors doors(connections_to(sshd), isolated_options());
  CHECK(run_at_once(doors, 50, "sleep 0.3; ") == 50);
  CHECK(sshd.connections() > 1);
}

TEST_CASE("a host that allows two programs a connection is noticed and obeyed") {
  PrivateSshd sshd({.max_sessions = 2, .programs = {}});
  SystemDoors doors(connections_to(sshd), isolated_options());
  CHECK(run_at_once(doors, 8, "sleep 0.3; ") == 8);
}

TEST_CASE("many large outputs at once do not mix") {
  PrivateSshd sshd;
  SystemDoors doors(connections_to(sshd), isolated_options());
  std::atomic<int> right = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&] {
      const std::string input = random_bytes(300'000);
      const auto output = doors.shell().run(on_host({"cat"}, input));
      if (output && sha256_hex(output->out) == sha256_hex(input)) ++right;
    });
  }
  for (std::thread& caller : callers) caller.join();
  CHECK(right == 8);
}

TEST_CASE("closing the doors does not wait for a program that runs on") {
  PrivateSshd sshd;
  std::optional<Result<ShellOutput>> output;
  {
    SystemDoors doors(connections_to(sshd), isolated_options());
    ShellCommand command = on_host({"sleep", "60"});
    command.timeout = std::chrono::milliseconds(300);
    output = doors.shell().run(command);
  }
  CHECK(output->error().code == ErrorCode::timed_out);
}

}  // namespace aegis::test
