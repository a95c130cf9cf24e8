#include "engine/read_only.h"

#include <catch2/catch.hpp>

#include "support/fake_shell.h"
#include "support/scripted_http.h"

using namespace aegis;

namespace {

HttpRequest request(std::string method, std::string path) {
  HttpRequest made;
  made.endpoint = "proxmox/a";
  made.method = std::move(method);
  made.path = std::move(path);
  return made;
}

}  // namespace

TEST_CASE("a reading transport sends GET and nothing else") {
  ScriptedHttp http;
  http.on("GET proxmox/a/x", 200, "ok");
  ReadOnlyHttp reading(http);

  CHECK(reading.send(request("GET", "/x"))->body == "ok");
  for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "get", ""}) {
    const auto refused = reading.send(request(method, "/x"));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::forbidden);
  }
  CHECK(http.calls() == std::vector<std::string>{"GET proxmox/a/x"});
}

TEST_CASE("a refused request in a wave does not disturb the others, and keeps its place") {
  ScriptedHttp http;
  http.on("GET proxmox/a/1", 200, "one");
  http.on("GET proxmox/a/3", 200, "three");
  ReadOnlyHttp reading(http);

  const std::vector<HttpRequest> wave{
      request("GET", "/1"), request("DELETE", "/2"), request("GET", "/3")};
  const auto results = reading.send_all(wave);

  REQUIRE(results.size() == 3);
  CHECK(results[0]->body == "one");
  CHECK(results[1].error().code == ErrorCode::forbidden);
  CHECK(results[2]->body == "three");
  CHECK(http.waves() == std::vector<std::size_t>{2});
}

TEST_CASE("a refusal names the request, but not its query, which may hold values") {
  ScriptedHttp http;
  ReadOnlyHttp reading(http);
  const auto refused = reading.send(request("DELETE", "/vm/103?password=hunter2"));
  CHECK_THAT(refused.error().message, Catch::Contains("DELETE /vm/103 "));
  CHECK_THAT(refused.error().message, !Catch::Contains("hunter2"));
}

TEST_CASE("a reading shell runs only what is marked as reading") {
  FakeShell shell;
  shell.on("host/a", "cat", "facts");
  ReadOnlyShell reading(shell);

  ShellCommand command;
  command.host = "host/a";
  command.words = {"cat", "/etc/hostname"};
  const auto refused = reading.run(command);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::forbidden);
  CHECK(shell.commands().empty());

  command.reads_only = true;
  CHECK(reading.run(command)->out == "facts");
}
