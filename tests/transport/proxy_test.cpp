#include <stdlib.h>

#include <catch2/catch.hpp>

#include "transport/http_fixture.h"

namespace aegis::test {
namespace {

/// Sets the proxy variables for one test.
class ProxyEnvironment {
 public:
  explicit ProxyEnvironment(const std::string& url) {
    ::setenv("HTTPS_PROXY", url.c_str(), 1);
    ::setenv("https_proxy", url.c_str(), 1);
    ::setenv("http_proxy", url.c_str(), 1);
    ::unsetenv("NO_PROXY");
    ::unsetenv("no_proxy");
  }
  ProxyEnvironment(const ProxyEnvironment&) = delete;
  ProxyEnvironment& operator=(const ProxyEnvironment&) = delete;
  ~ProxyEnvironment() {
    for (const char* name : {"HTTPS_PROXY", "https_proxy", "http_proxy"}) ::unsetenv(name);
  }
};

TestReply refuse(const SeenRequest&) {
  return {.status = "403 Forbidden"};
}

}  // namespace

TEST_CASE("a Proxmox url is reached through the environment's proxy") {
  TestServer proxy(refuse);
  const ProxyEnvironment environment(proxy.url());
  Api api([](const SeenRequest&) { return TestReply{}; });
  const auto response = api.get("/");
  REQUIRE_FALSE(response);
  CHECK(response.error().code == ErrorCode::unreachable);
  REQUIRE(proxy.seen().size() == 1);
  CHECK(proxy.seen()[0].method == "CONNECT");
  CHECK(proxy.seen()[0].path == "127.0.0.1:" + std::to_string(api.server.port()));
  CHECK_FALSE(proxy.seen()[0].headers.contains("authorization"));
}

TEST_CASE("the proxy is not used when that is switched off, nor for a unix socket") {
  TestServer proxy(refuse);
  const ProxyEnvironment environment(proxy.url());
  const TestCertificate certificate = make_certificate("IP:127.0.0.1");
  TestServer server(certificate, [](const SeenRequest&) { return TestReply{}; });
  const TemporaryFolder folder;
  const UnixEngine engine{(folder.path() / "engine.sock").string()};
  TestServer docker(engine.socket_path, [](const SeenRequest&) { return TestReply{}; });

  Connections connections = connections_to(server, certificate);
  connections.engines.emplace(engine_endpoint(engine), engine);
  transport::TransportOptions options = isolated_options();
  options.proxy_from_environment = false;
  transport::SystemDoors doors(connections, options);
  CHECK(doors.http().send(to_api("GET", "/")));
  HttpRequest ping = to_api("GET", "/_ping");
  ping.endpoint = engine_endpoint(engine);
  CHECK(doors.http().send(ping));
  CHECK(proxy.connections() == 0);
}

}  // namespace aegis::test
