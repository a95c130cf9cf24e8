#include "render/status_text.h"

#include <catch2/catch.hpp>

#include "render/status_json.h"

using namespace aegis;
using Catch::Contains;
using std::chrono::seconds;

namespace {

constexpr double k_gib = 1024.0 * 1024 * 1024;

Status small_system() {
  Status status;
  HostStatus host;
  host.name = "fsn1";
  host.version = "8.4.21";
  host.uptime = seconds(12 * 86'400 + 3 * 3'600 + 5);
  host.cores = {8, 64};
  host.memory = {96 * k_gib, 128 * k_gib};
  host.allocated_cores = 72;
  host.allocated_memory = 110 * k_gib;
  host.allocated_disk = 500 * k_gib;
  host.storages = {{"local-zfs", true, {950 * k_gib, 1000 * k_gib}}, {"nas", false, {}}};
  status.hosts = {host};
  GuestStatus web;
  web.address = "container/web";
  web.state = "running";
  web.uptime = seconds(90);
  web.cores = {0.5, 2};
  web.memory = {0.5 * k_gib, k_gib};
  web.disk = {2 * k_gib, 8 * k_gib};
  web.pending = {"cores"};
  GuestStatus db;
  db.address = "container/db";
  db.state = "stopped";
  status.guests = {web, db};
  ServiceStatus shop;
  shop.address = "stack/core/service/shop";
  shop.state = "healthy";
  shop.restarts = 2;
  shop.uptime = seconds(3'600);
  shop.image_age = seconds(34 * 86'400);
  shop.memory = {64.0 * 1024 * 1024, 0};
  shop.cores = 1.5;
  shop.busy_cores = 0.25;
  status.services = {shop};
  return status;
}

}  // namespace

TEST_CASE("the status is one screen, with what is used beside what was given away") {
  CHECK(render_text(small_system(), {}) ==
        R"(server/fsn1  Proxmox VE 8.4.21, up 12d 3h
                     USED               ALLOCATED
  cpu                12 % of 64         72
  memory             75 % of 128 GiB    110 GiB
  storage local-zfs  95 % of 1.0 TiB
  storage nas        cannot be reached
  root disks                            500 GiB

CONTAINER      CPU        MEMORY           DISK             UP      STATE
container/web  25 % of 2  50 % of 1.0 GiB  25 % of 8.0 GiB  1m 30s  running, a reboot brings cores
container/db                                                        stopped

SERVICE                  CPU          MEMORY  UP  RESTARTS  IMAGE BUILT  STATE
stack/core/service/shop  0.25 of 1.5  64 MiB  1h  2         34d ago      healthy

All is well.
)");
}

TEST_CASE("what is not as it should be stands at the end, and colours where a person looks") {
  Status status = small_system();
  status.findings = {{"container/db", "is stopped, and is declared as started"}};
  status.gaps = {{"stack/x", {ErrorCode::unreachable, "no\x1b[2J route"}}};
  CHECK_THAT(render_text(status, {}),
             Contains("container/db is stopped, and is declared as started\n"
                      "stack/x did not tell: no\\x1b[2J route\n") &&
                 !Contains("well"));
  CHECK_THAT(render_text(status, {true, 100}), Contains("\x1b[1;31mstopped\x1b[0m"));
}

TEST_CASE("alerts that fire are listed with what they are about") {
  Status status;
  status.alerts = std::vector<FiringAlert>{
      {"ServiceDown", "critical", "stack/core/service/shop", "no answer", "2026-01-31", ""},
      {"HighCpu", "warning", "", "", "2026-01-30", "silenced"}};
  CHECK_THAT(render_text(status, {}),
             Contains("ServiceDown  critical  2026-01-31  stack/core/service/shop: no answer\n") &&
                 Contains("HighCpu      warning   2026-01-30   (silenced)\n"));
}

TEST_CASE("the status for programs has numbers, and null for what is not known") {
  const Json json = to_json(small_system());
  CHECK(json.at("hosts").at(0).at("uptime") == 12 * 86'400 + 3 * 3'600 + 5);
  CHECK(json.at("guests").at(1).at("state") == "stopped");
  CHECK(json.at("services").at(0).at("memory").at("total").is_null());
  CHECK(json.at("services").at(0).at("cores") == 1.5);
  CHECK(json.at("services").at(0).at("busy_cores") == 0.25);
  CHECK(json.at("alerts").is_null());
  CHECK(json.at("well") == true);
}

TEST_CASE("checks, the last run and what differs are told in few lines") {
  Status status;
  CheckStatus shop{"shop", "http", "container/web", "passed", true, {}, {}};
  shop.took = std::chrono::milliseconds(1250);
  shop.certificate = seconds(13 * 86'400 + 5);
  status.checks = {shop, {"db", "postgres", "stack/core", "failed", false, {}, {}}};
  status.last_run = RunStatus{"root@ci", "succeeded", seconds(7'200)};
  status.drift = DriftStatus{{"container/web: cores, memory"}, ""};
  CHECK(render_text(status, {}) ==
        R"(CHECK  TYPE      ABOUT          TOOK   CERTIFICATE  STATE
shop   http      container/web  1.2 s  13d          passed
db     postgres  stack/core                         failed

Last run: 2h ago by root@ci, succeeded
1 thing is not as declared: `aegisctl drift` tells how.
  container/web: cores, memory
All is well.
)");
  status.drift->changes = {};
  CHECK_THAT(render_text(status, {}), Contains("Everything is as declared.\n"));
  status.drift->unknown = "server a: no route";
  CHECK_THAT(render_text(status, {}), Contains("cannot be told: server a: no route\n"));
  const Json json = to_json(status);
  CHECK(json.at("checks").at(0).at("certificate_left") == 13 * 86'400 + 5);
  CHECK(json.at("checks").at(1).at("took_ms").is_null());
  CHECK(json.at("last_run").at("age") == 7'200);
  CHECK(json.at("drift").at("unknown") == "server a: no route");
}
