#include <catch2/catch.hpp>

#include "kinds/docker/lock.h"
#include "rig.h"
#include "support/fake_clock.h"
#include "support/fake_shell.h"
#include "support/scripted_http.h"

using namespace aegis;
using namespace aegis::docker;

namespace {

constexpr const char* k_list = "GET proxmox/fsn1/api2/json/nodes/pve/lxc";

const Json k_stack = {{"services", {{"web", {{"image", "app:1"}, {"environment", {{"A", "1"}}}}}}},
                      {"guest",
                       {{"endpoint", "proxmox/fsn1"},
                        {"node", "pve"},
                        {"vmid", 103},
                        {"address", "container/aegis"}}}};

struct GuestRig {
  ScriptedHttp http;
  FakeClock clock;
  Rig rig{http, clock, "docker/guest:fsn1/103"};
};

}  // namespace

TEST_CASE("in a guest that is not there or does not run everything is absent, unasked") {
  for (const char* list : {R"({"data":[]})",
                           R"({"data":[{"vmid":103,"status":"stopped"}]})",
                           R"({"data":[{"vmid":"104","status":"running"}]})"}) {
    GuestRig guest;
    guest.http.on(k_list, 200, list);
    const Plan plan = guest.rig.plan(k_stack);
    CHECK(differences(plan) ==
          std::vector<std::string>{"network/default create", "service/web create"});
    CHECK(operations(plan, "service/web") ==
          std::vector<std::string>{"pull", "create", "start", "wait"});
    CHECK(guest.http.calls() == std::vector<std::string>{k_list});
  }
}

TEST_CASE("a host that refuses to list its guests fails the stack") {
  GuestRig guest;
  guest.http.on(k_list, 403, "");
  const auto failures = guest.rig.failures(k_stack);
  REQUIRE(failures.size() >= 1);
  CHECK(failures[0].error.code == ErrorCode::forbidden);
}

TEST_CASE("an engine that is missing in a running guest is an error that names the guest") {
  GuestRig guest;
  guest.http.on(k_list, 200, R"({"data":[{"vmid":"103","status":"running"}]})");
  guest.http.on("GET docker/guest:fsn1/103/version", [](const HttpRequest&) {
    return Error{ErrorCode::unreachable, "docker system dial-stdio: command not found"};
  });
  const auto failures = guest.rig.failures(k_stack);
  REQUIRE(failures.size() >= 1);
  const std::string& message = failures[0].error.message;
  CHECK(message.find("command not found") != std::string::npos);
  CHECK(message.find("container 103") != std::string::npos);
}

TEST_CASE("the engine of a guest that does not run needs no lock") {
  GuestRig guest;
  guest.http.on(k_list, 200, R"({"data":[]})");
  FakeShell shell;
  Effects effects{guest.http, shell, guest.clock, guest.rig.vault};
  const Desired desired = make_stack("docker/guest:fsn1/103", k_stack, guest.rig.vault);
  const Scope& scope = desired.scopes.begin()->second;
  CHECK(docker::take_lock(scope, {"a", "me", "apply", {}}, effects));
  CHECK_FALSE(docker::read_lock(scope, effects).value().has_value());
  CHECK(docker::release_lock(scope, "a", effects));
}
