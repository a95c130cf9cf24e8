#include <catch2/catch.hpp>

#include "base/text.h"
#include "support/fake_clock.h"
#include "support/fake_shell.h"
#include "transport/proxmox_session.h"

namespace aegis::test {
namespace {

using transport::Credential;
using transport::ProxmoxSession;

/// A host that issues root's ticket once, and an API that renews tickets as long as told.
struct Host {
  Host() {
    server.name = "fsn1";
    server.ssh = SshConnection{};
    shell.on("host/fsn1", "assemble_ticket", [this](const ShellCommand&) {
      ++mints;
      return ShellOutput{0, "PVE:minted\ncsrf-0\n", ""};
    });
  }

  HttpResponse renew(const HttpRequest& request) {
    bodies.push_back(request.body);
    if (!renews) return {401, "authentication failure", {}, ""};
    return {200, "OK", {}, R"({"data":{"ticket":"PVE:renewed","CSRFPreventionToken":"csrf-1"}})"};
  }

  std::string cookie(const std::string& method = "GET") {
    HttpRequest request;
    request.method = method;
    return session.credential(request).value().headers.at(0).second;
  }

  Server server;
  FakeShell shell;
  FakeClock clock;
  int mints = 0;
  bool renews = true;
  std::vector<std::string> bodies;
  ProxmoxSession session{
      server, [this](const HttpRequest& request) { return renew(request); }, shell, clock};
};

}  // namespace

TEST_CASE("a ticket younger than an hour is used as it is") {
  Host host;
  CHECK(host.cookie() == "PVEAuthCookie=PVE%3Aminted");
  host.clock.sleep_for(std::chrono::minutes(59));
  CHECK(host.cookie() == "PVEAuthCookie=PVE%3Aminted");
  CHECK(host.mints == 1);
  CHECK(host.bodies.empty());
}

TEST_CASE("a ticket older than an hour is renewed with itself, and so is its CSRF token") {
  Host host;
  static_cast<void>(host.cookie());
  host.clock.sleep_for(std::chrono::minutes(61));
  CHECK(host.cookie() == "PVEAuthCookie=PVE%3Arenewed");
  CHECK(host.bodies == std::vector<std::string>{"username=root%40pam&password=PVE%3Aminted"});
  CHECK(host.mints == 1);
  HttpRequest write;
  write.method = "PUT";
  CHECK(host.session.credential(write).value().headers.at(1) ==
        std::pair<std::string, std::string>{"CSRFPreventionToken", "csrf-1"});
}

TEST_CASE("a ticket that cannot be renewed any more is issued anew") {
  Host host;
  host.renews = false;
  static_cast<void>(host.cookie());
  host.clock.sleep_for(std::chrono::hours(3));
  CHECK(host.cookie() == "PVEAuthCookie=PVE%3Aminted");
  CHECK(host.mints == 2);
}

TEST_CASE("a ticket that was issued for the very request is not blamed for its refusal") {
  Host host;
  const Credential first = host.session.credential({}).value();
  CHECK_FALSE(host.session.give_up(first));
  const Credential second = host.session.credential({}).value();
  CHECK(host.session.give_up(second));
  static_cast<void>(host.cookie());
  CHECK(host.mints == 2);
}

TEST_CASE("many requests with one expired ticket give up that one, not its successor") {
  Host host;
  static_cast<void>(host.cookie());
  const Credential old = host.session.credential({}).value();
  CHECK(host.session.give_up(old));
  static_cast<void>(host.cookie());
  CHECK(host.session.give_up(old));
  static_cast<void>(host.cookie());
  CHECK(host.mints == 2);
}

}  // namespace aegis::test
