#include <array>
#include <catch2/catch.hpp>
#include <map>

#include "engine/status.h"
#include "engine_lab.h"
#include "kinds/docker/service_status.h"
#include "support/fake_shell.h"

namespace aegis::docker {
namespace {

constexpr std::array<StatusReader, 1> k_readers{
    {{"stack", service_status_queries, read_service_status}}};

std::map<std::string, ServiceStatus> look(const Json& parts) {
  EngineDoors doors;
  FakeShell shell;
  Vault vault;
  const Desired desired = make_stack(doors.endpoint, parts, vault);
  const Status status = read_status({desired, nullptr, k_readers, {}},
                                    doors.doors.http(),
                                    shell,
                                    vault,
                                    doors.doors.clock().now())
                            .status;
  for (const StatusGap& gap : status.gaps) FAIL(gap.error.message);
  std::map<std::string, ServiceStatus> services;
  for (const ServiceStatus& service : status.services) services[service.address] = service;
  return services;
}

}  // namespace

TEST_CASE("a real engine tells how its services are") {
  Lab lab;
  const Json parts = Json::parse(R"({"services": {
    "web": {"image": "plain:1", "command": ["sleep", "500"], "restart": "always", "mem_limit": 33554432},
    "job": {"image": "plain:1", "command": ["true"]},
    "bad": {"image": "plain:1", "command": ["sleep", "500"]}}})");
  CHECK(look(parts).at("stack/core/service/web").state == "absent");
  lab.rig.converge(parts);
  engine().run({"docker", "kill", "demo-bad-1"});
  const auto services = look(parts);
  const ServiceStatus& web = services.at("stack/core/service/web");
  CHECK(web.state == "running");
  CHECK(web.is_well);
  CHECK(web.uptime);
  CHECK(web.image_age);
  CHECK(web.memory.used > 0);
  CHECK(web.busy_cores.value_or(-1) >= 0);
  CHECK(web.memory.total == 33'554'432);
  CHECK(services.at("stack/core/service/job").state == "done");
  CHECK(services.at("stack/core/service/bad").state == "exited (137)");
  CHECK_FALSE(services.at("stack/core/service/bad").is_well);
}

}  // namespace aegis::docker
