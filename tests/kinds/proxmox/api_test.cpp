#include "kinds/proxmox/api.h"

#include <catch2/catch.hpp>

#include "kinds/proxmox/task.h"
#include "support/fake_clock.h"
#include "support/fake_shell.h"
#include "support/scripted_http.h"

using namespace aegis;
using namespace aegis::proxmox;

namespace {

struct Doors {
  ScriptedHttp http;
  FakeShell shell;
  FakeClock clock;
  Vault vault;
  Effects effects{http, shell, clock, vault};
  ApiClient api{effects, "proxmox/a"};

  [[nodiscard]] Deadline in(std::chrono::seconds time) const { return clock.now() + time; }
};

constexpr std::string_view k_upid = "UPID:pve:00001782:000A739C:6B04BAA9:vzcreate:103:root@pam:";
const std::string k_task =
    "GET proxmox/a/api2/json/nodes/pve/tasks/"
    "UPID%3Apve%3A00001782%3A000A739C%3A6B04BAA9%3Avzcreate%3A103%3Aroot%40pam%3A/";

Error error(int status, std::string_view message) {
  return error_of(status, "reason", {{"data", nullptr}, {"message", message}});
}

}  // namespace

TEST_CASE("form values keep the characters that Proxmox would split on") {
  CHECK(encode_form({{"net0", "name=eth0,x=a;b"}, {"description", "a + b & c"}}) ==
        "net0=name%3Deth0%2Cx%3Da%3Bb&description=a%20%2B%20b%20%26%20c");
}

TEST_CASE("Proxmox's texts decide what an error is") {
  CHECK(error(500, "Configuration file 'nodes/pve/lxc/4242.conf' does not exist\n").code ==
        ErrorCode::not_found);
  CHECK(error(500, "CT 100 already exists on node 'pve'").code == ErrorCode::conflict);
  CHECK(error(500, "CT is locked (backup)").code == ErrorCode::conflict);
  CHECK(
      error(500, "detected modified configuration - file changed by other user? Try again.").code ==
      ErrorCode::conflict);
  CHECK(error(500, "unable to shrink disk size").code == ErrorCode::rejected);
  CHECK(error(403, "Permission check failed (/vms/100, VM.Audit)").code == ErrorCode::forbidden);
  CHECK(error(596, "").code == ErrorCode::outcome_unknown);
  CHECK(error(595, "").code == ErrorCode::unreachable);
  CHECK(lock_in(error(500, "CT is locked (backup)")) == "backup");
  CHECK(lock_in(error(500, "no lock")).empty());
}

TEST_CASE("an error tells the reason of a 401 and every parameter of a 400") {
  CHECK(error_of(401, "Authentication failed!", Json()).message ==
        "Proxmox answered 401: Authentication failed!");
  const Error wrong =
      error_of(400,
               "Parameter verification failed.",
               {{"errors", {{"cores", "type check failed\n"}, {"memory", "too small"}}}});
  CHECK(
      wrong.message ==
      "Proxmox answered 400: Parameter verification failed. cores: type check failed; memory: too "
      "small");
}

TEST_CASE("a body that is not Proxmox's is an error with its beginning") {
  Doors doors;
  doors.http.on("GET proxmox/a/x", 502, "<html>bad gateway</html>");
  CHECK(doors.api.get("/x").error().message.find("bad gateway") != std::string::npos);
  doors.http.on("GET proxmox/a/x", 200, "<html>");
  CHECK_FALSE(doors.api.get("/x"));
}

TEST_CASE("our own deadline on a write leaves its outcome open") {
  Doors doors;
  const auto late = [](const HttpRequest&) { return Error{ErrorCode::timed_out, "late"}; };
  doors.http.on("POST proxmox/a/x", late);
  doors.http.on("GET proxmox/a/x", late);
  CHECK(doors.api.post("/x", {}).error().code == ErrorCode::outcome_unknown);
  CHECK(doors.api.get("/x").error().code == ErrorCode::timed_out);
}

TEST_CASE("a task's exit status has the last word") {
  Doors doors;
  const auto outcome = [&](const std::string& exit_status) {
    doors.http.on(k_task + "status",
                  200,
                  dump_json({{"data", {{"status", "stopped"}, {"exitstatus", exit_status}}}}));
    return wait_for_task(doors.api, k_upid, doors.in(std::chrono::seconds(10)));
  };
  CHECK(outcome("OK").value().empty());
  CHECK(outcome("WARNINGS: 3").value() == "WARNINGS: 3");
  CHECK(outcome("CT is locked (backup)").error().code == ErrorCode::conflict);
  CHECK(outcome("unexpected status").error().code == ErrorCode::rejected);
  CHECK(outcome("disk full").error().message == "the task failed: disk full");
}

TEST_CASE("a running task tells its last line, survives a silence, and is left at the deadline") {
  Doors doors;
  std::vector<std::string> lines;
  doors.effects.progress = [&](std::string_view line) { lines.emplace_back(line); };
  int asked = 0;
  doors.http.on(k_task + "status", [&](const HttpRequest&) -> Result<HttpResponse> {
    if (++asked == 2) return HttpResponse{596, "Connection timed out", {}, {}};
    return HttpResponse{200, {}, {}, R"({"data":{"status":"running"}})"};
  });
  const std::string page = R"({"data":[{"n":1,"t":"one"},{"n":2,"t":"two"}],"total":2})";
  doors.http.on(k_task + "log?start=0&limit=500", 200, page);
  doors.http.on(k_task + "log?start=2&limit=500", 200, R"({"data":[],"total":2})");
  const auto end = wait_for_task(doors.api, k_upid, doors.in(std::chrono::seconds(20)));
  CHECK(end.error().code == ErrorCode::timed_out);
  CHECK(lines == std::vector<std::string>{"two"});
  CHECK(doors.clock.passed() == std::chrono::seconds(20));
}

TEST_CASE("a host that stays silent leaves the task's outcome open") {
  Doors doors;
  doors.http.on(k_task + "status", [](const HttpRequest&) {
    return Error{ErrorCode::unreachable, "no route"};
  });
  const auto end = wait_for_task(doors.api, k_upid, doors.in(std::chrono::hours(1)));
  CHECK(end.error().code == ErrorCode::outcome_unknown);
  CHECK(doors.clock.passed() < std::chrono::minutes(1));
}
