#include <catch2/catch.hpp>
#include <mutex>

#include "transport/http_fixture.h"

namespace aegis::test {

TEST_CASE("the log tells of every exchange, and gives no value away") {
  PrivateSshd sshd;
  const TestCertificate certificate = make_certificate("IP:127.0.0.1");
  TestServer server(certificate, [](const SeenRequest&) {
    return TestReply{.headers = "Set-Cookie: s3cret\r\n", .body = "s3cret"};
  });
  Connections connections = connections_to(server, certificate);
  connections.servers.at("fsn1").ssh = sshd.connection();
  connections.servers.at("fsn1").proxmox.token_secret = Secret("s3cret");
  transport::TransportOptions options = isolated_options();
  std::string log;  // the callback is called by one thread at a time
  options.log = [&](std::string_view line) { log += std::string(line) + "\n"; };
  {
    transport::SystemDoors doors(connections, options);
    HttpRequest request = to_api("POST", "/api2/json/nodes?password=s3cret");
    request.content_type = "application/json";
    request.body = "{\"password\":\"s3cret\"}";
    request.headers = {{"X-Registry-Auth", "s3cret"}};
    REQUIRE(doors.http().send(request));
    REQUIRE(doors.shell().run(on_host({"cat", "/no/s3cret"}, "s3cret")));
  }
  using Catch::Contains;
  CHECK_THAT(log, Contains("proxmox/fsn1 POST /api2/json/nodes -> 200"));
  CHECK_THAT(log, Contains("host/fsn1 cat -> 1"));
  CHECK_THAT(log, Contains("ssh 127.0.0.1: connected"));
  CHECK_THAT(log, !Contains("s3cret"));
}

}  // namespace aegis::test
