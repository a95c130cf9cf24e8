#include <catch2/catch.hpp>

#include "kinds/proxmox/container.h"
#include "support/fake_clock.h"
#include "support/fake_shell.h"
#include "support/scripted_http.h"

using namespace aegis;

namespace {

const std::string k_base = "proxmox/a/api2/json/nodes/pve";
const std::string k_task =
    "GET " + k_base +
    "/tasks/UPID%3Apve%3A00001782%3A000A739C%3A6B04BAA9%3Ahastart%3A103%3Aroot%40pam%3A/status";

/// A host whose high-availability manager starts container 103 when it was looked at `looks` times.
struct Managed {
  explicit Managed(int looks) {
    http.on("GET " + k_base + "/lxc/103/status/current",
            [this, looks](const HttpRequest&) -> Result<HttpResponse> {
              const bool up = ++looked > looks;
              const std::string status = up ? "running" : "stopped";
              return HttpResponse{200, {}, {}, R"({"data":{"status":")" + status + R"("}})"};
            });
    http.on("POST " + k_base + "/lxc/103/status/start",
            200,
            R"({"data":"UPID:pve:00001782:000A739C:6B04BAA9:hastart:103:root@pam:"})");
    http.on(k_task, 200, R"({"data":{"status":"stopped","exitstatus":"OK"}})");
    http.on("GET " + k_base + "/tasks?source=active&vmid=103&typefilter=vzstart",
            200,
            R"({"data":[]})");
    step.operation = "start";
    step.input = {{"endpoint", "proxmox/a"}, {"node", "pve"}, {"vmid", 103}};
  }

  Result<Json> start() { return container_kind().perform(step, {}, effects); }

  ScriptedHttp http;
  FakeShell shell;
  FakeClock clock;
  Vault vault;
  Effects effects{http, shell, clock, vault};
  Step step;
  int looked = 0;
};

}  // namespace

TEST_CASE("a start that the high-availability manager only noted is waited for") {
  Managed managed(5);
  CHECK(managed.start());
  CHECK(managed.looked == 6);
}

TEST_CASE("a start that the high-availability manager never makes fails at the step's timeout") {
  Managed managed(100'000);
  const auto output = managed.start();
  REQUIRE_FALSE(output);
  CHECK(output.error().code == ErrorCode::timed_out);
  CHECK(managed.clock.passed() == managed.step.timeout);
}
