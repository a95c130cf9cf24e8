#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "transport/http_fixture.h"

namespace aegis::test {
namespace {

using Catch::Contains;

constexpr const char* k_pct = R"(#!/bin/sh
[ "$1 $2 $3" = "exec 103 --" ] || { echo "container '$2' not running!" >&2; exit 255; }
shift 3
exec "$@"
)";

/// A server and its container 103, which both see the port that an HTTP server listens on.
struct Inside {
  Inside() { sshd.install("pct", k_pct); }

  Result<HttpResponse> send(const std::string& shell, const std::string& address) {
    Connections connections = connections_to(sshd);
    connections.services["alertmanager/x"] = {shell, address};
    doors.emplace(connections, isolated_options());
    HttpRequest request = to_api("POST", "/api/v2/alerts");
    request.endpoint = "alertmanager/x";
    request.content_type = "application/json";
    request.body = "[]";
    return doors->http().send(request);
  }
  [[nodiscard]] std::string address() const { return fmt::format("127.0.0.1:{}", server.port()); }

  TestServer server{[](const SeenRequest& request) {
    return TestReply{.body = request.method + " " + request.path + " " + request.body};
  }};
  PrivateSshd sshd;
  std::optional<transport::SystemDoors> doors;
};

}  // namespace

TEST_CASE("a port that only a server or its container sees is reached through SSH") {
  Inside inside;
  for (const char* shell : {"host/fsn1", "guest/fsn1/103"}) {
    INFO(shell);
    const auto response = inside.send(shell, inside.address());
    REQUIRE(response);
    CHECK(response->body == "POST /api/v2/alerts []");
    const auto again = inside.send(shell, inside.address());
    CHECK(again.value().status == 200);
  }
  CHECK(inside.server.seen().front().headers.at("host") == "localhost");
}

TEST_CASE("a port that nobody listens on, and a container that does not run, are unreachable") {
  Inside inside;
  for (const char* shell : {"host/fsn1", "guest/fsn1/103", "guest/fsn1/104"}) {
    INFO(shell);
    const auto response = inside.send(shell, "127.0.0.1:1");
    REQUIRE_FALSE(response);
    CHECK(response.error().code == ErrorCode::unreachable);
    CHECK_THAT(response.error().message, Contains("refused") || Contains("not running"));
  }
  CHECK(inside.server.seen().empty());
}

TEST_CASE("a service at a shell that is none is refused") {
  Inside inside;
  const auto response = inside.send("elsewhere", inside.address());
  REQUIRE_FALSE(response);
  CHECK(response.error().code == ErrorCode::rejected);
}

}  // namespace aegis::test
