#include <catch2/catch.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <thread>

#include "base/digest.h"
#include "transport/ssh_fixture.h"

namespace aegis::test {
namespace {

using Catch::Contains;
using transport::SystemDoors;

constexpr const char* k_pct = R"(#!/bin/sh
[ "$1" = exec ] || exit 64
[ "$2" = 103 ] || { echo "container '$2' not running!" >&2; exit 255; }
shift 3
exec "$@"
)";

struct Host {
  PrivateSshd sshd{{.max_sessions = 10, .programs = {{"pct", k_pct}}}};
  SystemDoors doors{connections_to(sshd), isolated_options()};

  Result<ShellOutput> run(const ShellCommand& command) { return doors.shell().run(command); }
};

}  // namespace

TEST_CASE("a program's output, errors and status come back apart") {
  Host host;
  const auto output = host.run(on_host({"sh", "-c", "echo out; echo err >&2; exit 7"}));
  REQUIRE(output);
  CHECK(output->exit_status == 7);
  CHECK(output->out == "out\n");
  CHECK(output->err == "err\n");
}

TEST_CASE("words reach the program as they are") {
  Host host;
  const auto output = host.run(on_host({"printf", "%s|", "a b", "$(id)", "it's", ""}));
  REQUIRE(output);
  CHECK(output->out == "a b|$(id)|it's||");
}

TEST_CASE("a megabyte of binary input comes back byte for byte") {
  Host host;
  std::string input = random_bytes(1 << 20);
  const auto output = host.run(on_host({"cat"}, input));
  REQUIRE(output);
  CHECK(output->exit_status == 0);
  CHECK(sha256_hex(output->out) == sha256_hex(input));
}

TEST_CASE("a program that ends without reading its input is no failure") {
  Host host;
  const auto output = host.run(on_host({"true"}, std::string(4 << 20, 'x')));
  REQUIRE(output);
  CHECK(output->exit_status == 0);
}

TEST_CASE("a program without input sees its end of file") {
  Host host;
  const auto output = host.run(on_host({"wc", "-c"}));
  REQUIRE(output);
  CHECK(output->out == "0\n");
}

TEST_CASE("a signal that ended a program shows as 128 and its number") {
  Host host;
  const auto output = host.run(on_host({"sh", "-c", "kill -9 $$"}));
  REQUIRE(output);
  CHECK(output->exit_status == 137);
}

TEST_CASE("a program that does not exist is a value: the shell's status and words") {
  Host host;
  const auto output = host.run(on_host({"no-such-program"}));
  REQUIRE(output);
  CHECK(output->exit_status == 127);
  CHECK_THAT(output->err, Contains("no-such-program"));
}

TEST_CASE("a deadline ends the wait, honestly, and does not disturb what comes next") {
  Host host;
  ShellCommand command = on_host({"sleep", "60"});
  command.timeout = std::chrono::milliseconds(400);
  const auto begin = std::chrono::steady_clock::now();
  const auto output = host.run(command);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
  REQUIRE_FALSE(output);
  CHECK(output.error().code == ErrorCode::timed_out);
  CHECK_THAT(output.error().message, Contains("sleep") && Contains("may still run"));
  CHECK(host.run(on_host({"true"})));
}

TEST_CASE("a guest's program runs through pct on its server") {
  Host host;
  ShellCommand command = on_host({"sh", "-c", "cat; echo \"$0 done\"", "a b"}, "in\n");
  command.host = "guest/fsn1/103";
  const auto output = host.run(command);
  REQUIRE(output);
  CHECK(output->out == "in\na b done\n");
}

TEST_CASE("a guest that does not run is a value with pct's words") {
  Host host;
  ShellCommand command = on_host({"true"});
  command.host = "guest/fsn1/104";
  const auto output = host.run(command);
  REQUIRE(output);
  CHECK(output->exit_status == 255);
  CHECK(output->err == "container '104' not running!\n");
}

TEST_CASE("a host that no manifest names is refused") {
  Host host;
  for (const std::string name : {"host/other", "fsn1", "guest/fsn1", "guest/fsn1/103;id", ""}) {
    ShellCommand command = on_host({"true"});
    command.host = name;
    INFO(name);
    CHECK(host.run(command).error().code == ErrorCode::rejected);
  }
}

TEST_CASE("a connection that is made for a command shows whether one can still get in") {
  Host host;
  ShellCommand anew = on_host({"echo", "in"});
  anew.host = "host/fsn1/new";
  REQUIRE(host.run(on_host({"true"})));
  REQUIRE(host.sshd.connections() == 1);
  const auto output = host.run(anew);
  REQUIRE(output);
  CHECK(output->out == "in\n");
  CHECK(host.sshd.connections() == 2);
  host.sshd.lock_out();
  CHECK(host.run(anew).error().code == ErrorCode::unauthorized);
  CHECK(host.run(on_host({"true"})));
}

TEST_CASE("a server without an SSH connection says what to add") {
  Server server;
  server.name = "fsn1";
  Connections connections;
  connections.servers.emplace("fsn1", server);
  SystemDoors doors(connections, isolated_options());
  const auto output = doors.shell().run(on_host({"true"}));
  REQUIRE_FALSE(output);
  CHECK(output.error().code == ErrorCode::rejected);
  CHECK_THAT(output.error().message, Contains("ssh:"));
}

TEST_CASE("a lost connection leaves a running program's outcome unknown, and is replaced") {
  Host host;
  const std::string mark = (host.sshd.folder() / "running").string();
  std::optional<Result<ShellOutput>> output;
  std::thread caller([&] {
    output = host.run(on_host({"sh", "-c", "touch " + mark + "; sleep 60"}));
  });
  for (int i = 0; i < 500 && !std::filesystem::exists(mark); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  host.sshd.drop_connections();
  caller.join();
  REQUIRE_FALSE(*output);
  CHECK(output->error().code == ErrorCode::outcome_unknown);
  const auto again = host.run(on_host({"echo", "back"}));
  REQUIRE(again);
  CHECK(again->out == "back\n");
}

}  // namespace aegis::test
