#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "transport/http_fixture.h"

namespace aegis::test {
namespace {

using Catch::Contains;

// Issues root's ticket, as Proxmox's own modules do, and counts how often.
std::string perl_script(const std::filesystem::path& folder) {
  return fmt::format(R"(#!/bin/sh
case "$*" in "-MPVE::Cluster -MPVE::AccessControl -e "*assemble_ticket*) ;; *) exit 64;; esac
echo x >> {0}/mints
printf 'PVE:root@pam:minted\nroot-csrf\n'
)",
                     folder.string());
}

// Shows a file of ours in the place of the host's API certificate.
std::string cat_script(const std::string& certificate_file) {
  return fmt::format(R"(#!/bin/sh
case "$1" in
  /etc/pve/local/pve-ssl.pem) exec /bin/cat {} ;;
  /etc/pve/*) echo "$1: No such file" >&2; exit 1 ;;
esac
exec /bin/cat "$@"
)",
                     certificate_file);
}

/// A Proxmox host whose API is reached through its SSH connection only.
struct TunnelledHost {
  TunnelledHost() {
    sshd.install("perl", perl_script(sshd.folder()));
    sshd.install("cat", cat_script(folder.write("pve-ssl.pem", certificate.certificate)));
    options.proxmox_port = server.port();
  }

  TestReply answer(const SeenRequest& request) const {
    const auto cookie = request.headers.find("cookie");
    if (cookie == request.headers.end() ||
        cookie->second != "PVEAuthCookie=PVE%3Aroot%40pam%3Aminted") {
      return {.status = "401 No ticket", .close = true};
    }
    if (request.method != "GET" && request.headers.at("csrfpreventiontoken") != "root-csrf") {
      return {.status = "401 Permission denied - invalid csrf token", .close = true};
    }
    return {.body = "{\"data\":\"root\"}"};
  }

  [[nodiscard]] std::uintmax_t mints() const {
    std::error_code none;
    const auto size = std::filesystem::file_size(sshd.folder() / "mints", none);
    return none ? 0 : size / 2;
  }

  TemporaryFolder folder;
  TestCertificate certificate = make_certificate("IP:127.0.0.1");
  TestServer server{certificate, [this](const SeenRequest& request) { return answer(request); }};
  PrivateSshd sshd;
  Connections connections = connections_to(sshd);
  transport::TransportOptions options = isolated_options();
};

}  // namespace

TEST_CASE("an SSH key alone is enough: tunnel, the host's own certificate, the host's own ticket") {
  TunnelledHost host;
  transport::SystemDoors doors(host.connections, host.options);
  CHECK(doors.http().send(to_api("GET", "/a")).value().status == 200);
  CHECK(doors.http().send(to_api("PUT", "/a")).value().status == 200);
  HttpRequest as_root = to_api("PUT", "/a");
  as_root.as_root = true;
  CHECK(doors.http().send(as_root).value().status == 200);
  std::vector<HttpRequest> wave(40, to_api("GET", "/a"));
  for (const auto& result : doors.http().send_all(wave)) CHECK(result.value().status == 200);
  CHECK(host.mints() == 1);
  CHECK(host.sshd.connections() == 1);
}

TEST_CASE("a tunnelled API that shows another certificate than the host's is refused") {
  TunnelledHost host;
  host.sshd.install(
      "cat",
      cat_script(host.folder.write("other.pem", make_certificate("IP:127.0.0.1").certificate)));
  transport::SystemDoors doors(host.connections, host.options);
  const auto response = doors.http().send(to_api("GET", "/a"));
  REQUIRE_FALSE(response);
  CHECK(response.error().code == ErrorCode::unauthorized);
  CHECK(host.server.seen().empty());
}

TEST_CASE("a pinned fingerprint spares asking the host for its certificate") {
  TunnelledHost host;
  host.sshd.install("cat", "#!/bin/sh\nexit 1\n");
  host.connections.servers.at("fsn1").proxmox.fingerprint = host.certificate.fingerprint;
  transport::SystemDoors doors(host.connections, host.options);
  CHECK(doors.http().send(to_api("GET", "/a")).value().status == 200);
}

TEST_CASE("a host that is no Proxmox host is told from one that refuses us") {
  TunnelledHost host;
  SECTION("no certificate") {
    host.sshd.install("cat", cat_script("/no/such/file"));
  }
  SECTION("no ticket") {
    host.sshd.install("perl", "#!/bin/sh\necho \"Can't locate PVE/Cluster.pm\" >&2; exit 2\n");
  }
  transport::SystemDoors doors(host.connections, host.options);
  const auto response = doors.http().send(to_api("GET", "/a"));
  REQUIRE_FALSE(response);
  CHECK(response.error().code == ErrorCode::unauthorized);
  CHECK_THAT(response.error().message,
             Contains("Proxmox host") && (Contains("PVE/Cluster.pm") || Contains("No such file")));
}

TEST_CASE("a host on which the API does not listen is unreachable") {
  TunnelledHost host;
  {
    TestServer gone([](const SeenRequest&) { return TestReply{}; });
    host.options.proxmox_port = gone.port();
  }
  transport::SystemDoors doors(host.connections, host.options);
  const auto response = doors.http().send(to_api("PUT", "/a"));
  REQUIRE_FALSE(response);
  CHECK(response.error().code == ErrorCode::unreachable);
  CHECK_THAT(response.error().message, Contains("refused"));
}

TEST_CASE("with a token, only what needs root uses the host's ticket") {
  TunnelledHost host;
  ProxmoxConnection& api = host.connections.servers.at("fsn1").proxmox;
  api.url = host.server.url();
  api.fingerprint = host.certificate.fingerprint;
  api.token_id = "root@pam!t";
  api.token_secret = Secret("0000-1111");
  transport::SystemDoors doors(host.connections, host.options);
  CHECK(doors.http().send(to_api("GET", "/a")).value().status == 401);
  CHECK(host.mints() == 0);
  HttpRequest as_root = to_api("PUT", "/a");
  as_root.as_root = true;
  CHECK(doors.http().send(as_root).value().status == 200);
  CHECK(host.mints() == 1);
}

}  // namespace aegis::test
