#include <catch2/catch.hpp>

#include "base/text.h"
#include "transport/http_fixture.h"

namespace aegis::test {
namespace {

using Catch::Contains;
using transport::SystemDoors;

TestReply ok(const SeenRequest&) {
  return {.body = "yes"};
}

struct Tls {
  explicit Tls(const std::string& name = "IP:127.0.0.1")
      : certificate(make_certificate(name)), server(certificate, ok) {}

  // What a GET gives when the API is configured with these two.
  Result<HttpResponse> get(const std::string& fingerprint, const std::string& ca_file) {
    Connections connections = connections_to(server, certificate);
    connections.servers.at("fsn1").proxmox.fingerprint = fingerprint;
    connections.servers.at("fsn1").proxmox.ca_file = ca_file;
    SystemDoors doors(connections, isolated_options());
    return doors.http().send(to_api("GET", "/"));
  }

  TemporaryFolder folder;
  TestCertificate certificate;
  TestServer server;
};

}  // namespace

TEST_CASE("a pinned certificate is accepted in any case of letters, whatever name it is for") {
  Tls tls("DNS:elsewhere.example");
  CHECK(tls.get(tls.certificate.fingerprint, ""));
  CHECK(tls.get(to_lower(tls.certificate.fingerprint), ""));
}

TEST_CASE("another certificate than the pinned one is refused, and its fingerprint shown") {
  Tls tls;
  const std::string other = make_certificate("IP:127.0.0.1").fingerprint;
  const auto response = tls.get(other, "");
  REQUIRE_FALSE(response);
  CHECK(response.error().code == ErrorCode::unauthorized);
  CHECK_THAT(response.error().message, Contains(tls.certificate.fingerprint));
  CHECK(tls.server.seen().empty());
}

TEST_CASE("a pin wins over a CA file that would accept") {
  Tls tls;
  const std::string ca_file = tls.folder.write("ca.pem", tls.certificate.certificate);
  CHECK_FALSE(tls.get(make_certificate("IP:127.0.0.1").fingerprint, ca_file));
}

TEST_CASE("a certificate from the CA file is accepted") {
  Tls tls;
  CHECK(tls.get("", tls.folder.write("ca.pem", tls.certificate.certificate)));
}

TEST_CASE(
    "a certificate that nobody we trust has issued is refused, and the message says how to "
    "pin it") {
  Tls tls;
  const std::string other = make_certificate("IP:127.0.0.1").certificate;
  for (const std::string& ca_file : {std::string(), tls.folder.write("other.pem", other)}) {
    const auto response = tls.get("", ca_file);
    REQUIRE_FALSE(response);
    CHECK(response.error().code == ErrorCode::unauthorized);
    CHECK_THAT(response.error().message,
               Contains("fingerprint: \"" + tls.certificate.fingerprint + "\""));
  }
  CHECK(tls.server.seen().empty());
}

TEST_CASE("a trusted certificate for another name is refused") {
  Tls tls("DNS:elsewhere.example");
  const auto response = tls.get("", tls.folder.write("ca.pem", tls.certificate.certificate));
  REQUIRE_FALSE(response);
  CHECK(response.error().code == ErrorCode::unauthorized);
  CHECK_THAT(response.error().message, Contains("127.0.0.1") && Contains("fingerprint"));
}

TEST_CASE("what is no fingerprint, and a CA file without a certificate, are named") {
  Tls tls;
  CHECK(tls.get("AA:BB", "").error().code == ErrorCode::rejected);
  CHECK(tls.get("", tls.folder.write("empty.pem", "")).error().code == ErrorCode::io);
  CHECK_THAT(tls.get("", "/no/such/ca.pem").error().message, Contains("/no/such/ca.pem"));
}

TEST_CASE("credentials are never sent in the clear") {
  TestServer plain(ok);
  Connections connections = connections_to(plain, make_certificate("IP:127.0.0.1"));
  SystemDoors doors(connections, isolated_options());
  const auto response = doors.http().send(to_api("GET", "/"));
  CHECK(response.error().code == ErrorCode::rejected);
  CHECK(plain.connections() == 0);
}

TEST_CASE("a server that speaks no TLS is unreachable, not a certificate problem") {
  TestServer plain(ok);
  Connections connections = connections_to(plain, make_certificate("IP:127.0.0.1"));
  connections.servers.at("fsn1").proxmox.url = "https://127.0.0.1:" + std::to_string(plain.port());
  transport::TransportOptions options = isolated_options();
  options.connect_timeout = std::chrono::milliseconds(300);
  SystemDoors doors(connections, options);
  CHECK(doors.http().send(to_api("GET", "/")).error().code == ErrorCode::unreachable);
}

}  // namespace aegis::test
