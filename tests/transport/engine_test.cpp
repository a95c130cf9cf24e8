#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <thread>

#include "base/digest.h"
#include "transport/http_fixture.h"

namespace aegis::test {
namespace {

using Catch::Contains;

// What the Docker client does at the end of a shell: bytes between its ends and the engine.
std::string dial_script(int port) {
  return fmt::format(R"(#!/bin/bash
[ "$1 $2" = "system dial-stdio" ] || exit 64
exec 3<>/dev/tcp/127.0.0.1/{} 4<&0 || exit 1
cat <&3 & a=$!
cat <&4 >&3 & b=$!
wait -n
kill $a $b 2>/dev/null
)",
                     port);
}

constexpr const char* k_pct = R"(#!/bin/sh
[ "$1" = exec ] || exit 64
[ "$2" = 103 ] || { echo "container '$2' not running!" >&2; exit 255; }
shift 3
exec "$@"
)";

TestReply echo(const SeenRequest& request) {
  return {.body = request.method + " " + request.path + " " + sha256_hex(request.body)};
}

struct Engines {
  explicit Engines(TestServer::Handler handler = echo) : docker(std::move(handler)) {
    sshd.install("pct", k_pct);
    sshd.install("docker", dial_script(docker.port()));
    connections = connections_to(sshd);
  }

  Result<HttpResponse> send(const Engine& engine, HttpRequest request) {
    request.endpoint = engine_endpoint(engine);
    connections.engines.emplace(request.endpoint, engine);
    if (!doors) doors.emplace(connections, isolated_options());
    return doors->http().send(request);
  }

  TestServer docker;
  PrivateSshd sshd;
  Connections connections;
  std::optional<transport::SystemDoors> doors;
};

std::string ping_answer() {
  return "GET /_ping " + sha256_hex("");
}

}  // namespace

TEST_CASE("an engine answers on a unix socket") {
  const TemporaryFolder folder;
  const UnixEngine engine{(folder.path() / "engine.sock").string()};
  TestServer docker(engine.socket_path, echo);
  Engines engines;
  CHECK(engines.send(engine, to_api("GET", "/_ping")).value().body == ping_answer());
}

TEST_CASE("a unix socket that is not there is unreachable") {
  Engines engines;
  const auto response = engines.send(UnixEngine{"/no/such/socket"}, to_api("GET", "/_ping"));
  CHECK(response.error().code == ErrorCode::unreachable);
  CHECK(response.error().message.ends_with("no connection: No such file or directory"));
}

TEST_CASE("an engine answers at the end of an SSH connection, on a server, and in a guest") {
  Engines engines;
  const Engine direct = SshEngine{engines.sshd.connection()};
  const Engine server = ServerEngine{"fsn1"};
  const Engine guest = GuestEngine{"fsn1", 103};
  for (const Engine& engine : {direct, server, guest}) {
    engines.doors.reset();
    INFO(engine_endpoint(engine));
    CHECK(engines.send(engine, to_api("GET", "/_ping")).value().body == ping_answer());
  }
}

TEST_CASE("requests to an engine behind SSH share one connection, and one channel") {
  Engines engines;
  for (int i = 0; i < 5; ++i) {
    REQUIRE(engines.send(GuestEngine{"fsn1", 103}, to_api("GET", "/_ping")));
  }
  CHECK(engines.docker.connections() == 1);
  CHECK(engines.sshd.connections() == 1);
}

TEST_CASE("a large binary upload and a large answer pass the tunnel") {
  const std::string answer = random_bytes(5'000'000);
  std::string uploaded;
  Engines engines([&](const SeenRequest& request) {
    uploaded = sha256_hex(request.body);
    return TestReply{.body = answer};
  });
  HttpRequest request = to_api("PUT", "/containers/x/archive?path=%2F");
  request.content_type = "application/x-tar";
  request.body = random_bytes(3'000'000);
  const auto response = engines.send(GuestEngine{"fsn1", 103}, request);
  REQUIRE(response);
  CHECK(uploaded == sha256_hex(request.body));
  CHECK(sha256_hex(response->body) == sha256_hex(answer));
}

TEST_CASE("a reader that is slower than the engine loses nothing, and stalls nothing") {
  const std::string answer = random_bytes(8'000'000);
  Engines engines([&](const SeenRequest&) { return TestReply{.body = answer}; });
  HttpRequest request = to_api("GET", "/containers/x/archive?path=%2F");
  std::string received;
  int pieces = 0;
  request.on_body = [&](std::string_view piece) {
    received += piece;
    if (++pieces <= 20) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return true;
  };
  const auto begin = std::chrono::steady_clock::now();
  REQUIRE(engines.send(ServerEngine{"fsn1"}, request));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
  CHECK(sha256_hex(received) == sha256_hex(answer));
}

TEST_CASE("a guest that does not run is unreachable, in pct's own words") {
  Engines engines;
  const auto response = engines.send(GuestEngine{"fsn1", 104}, to_api("POST", "/containers"));
  REQUIRE_FALSE(response);
  CHECK(response.error().code == ErrorCode::unreachable);
  CHECK_THAT(response.error().message, Contains("container '104' not running!"));
  CHECK(engines.docker.seen().empty());
}

TEST_CASE("a host without Docker is unreachable, and the message names the program") {
  Engines engines;
  engines.sshd.install("docker", "#!/bin/sh\necho 'docker: no such engine' >&2; exit 1\n");
  const auto response = engines.send(ServerEngine{"fsn1"}, to_api("GET", "/_ping"));
  CHECK(response.error().code == ErrorCode::unreachable);
  CHECK_THAT(response.error().message, Contains("docker: no such engine"));
}

TEST_CASE("an engine that dies after it was asked leaves a write's outcome unknown") {
  Engines engines([](const SeenRequest&) { return TestReply{.hang_up = true}; });
  const auto response = engines.send(ServerEngine{"fsn1"}, to_api("POST", "/containers/create"));
  CHECK(response.error().code == ErrorCode::outcome_unknown);
  CHECK(engines.docker.seen().size() == 1);
}

TEST_CASE("a host that cannot be logged in to gives SSH's reason to the HTTP caller") {
  Engines engines;
  SshConnection ssh = engines.sshd.connection();
  ssh.host_key = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  const auto response = engines.send(SshEngine{ssh}, to_api("POST", "/containers/create"));
  REQUIRE_FALSE(response);
  CHECK(response.error().code == ErrorCode::unauthorized);
  CHECK_THAT(response.error().message, Contains("host key"));
}

TEST_CASE("a lost SSH connection is replaced at the next request") {
  Engines engines;
  REQUIRE(engines.send(ServerEngine{"fsn1"}, to_api("GET", "/_ping")));
  engines.sshd.drop_connections();
  CHECK(engines.send(ServerEngine{"fsn1"}, to_api("GET", "/_ping")));
}

TEST_CASE("a wave to an engine behind SSH answers every read over few channels") {
  Engines engines;
  const Engine engine = GuestEngine{"fsn1", 103};
  REQUIRE(engines.send(engine, to_api("GET", "/_ping")));
  std::vector<HttpRequest> requests(100, to_api("GET", "/containers/json"));
  for (HttpRequest& request : requests) request.endpoint = engine_endpoint(engine);
  for (const auto& result : engines.doors->http().send_all(requests)) REQUIRE(result);
  CHECK(engines.docker.connections() <= 5);
}

}  // namespace aegis::test
