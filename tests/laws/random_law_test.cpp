#include <fmt/format.h>

#include <array>
#include <catch2/catch.hpp>

#include "kinds/proxmox/container.h"
#include "laws/laws.h"
#include "laws/manifests.h"
#include "laws/proxmox_world.h"
#include "laws/random_manifest.h"
#include "manifest/schema.h"

namespace aegis::laws {
namespace {

constexpr int k_manifests = 1000;

/// What the schema says of a container, without what needs more than one container and one plan:
/// secrets, its firewall, which is a resource of its own, and the protection of its disks.
Json container_schema() {
  Json schema = *member_schema(*member_schema(project_schema(), "containers"), "web");
  for (const char* key : {"password", "ssh_public_keys", "firewall", "protection"}) {
    schema["properties"].erase(key);
  }
  return schema;
}

/// Fields that one container keeps through its life.
void settle(Json& container) {
  container["server"] = "fsn1";
  container["vmid"] = 103;
  container["template"] = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst";
  container["unprivileged"] = true;
  container["rootfs"]["storage"] = "local-zfs";
  container["rootfs"]["size"] = "8GiB";
}

std::string random_container(unsigned seed) {
  static const Json k_schema = container_schema();
  Json container = RandomManifest(seed).value(k_schema, "web");
  settle(container);
  return dump_json({{"containers", {{"web", container}}}});
}

Wanted wanted(const std::string& containers) {
  return from_manifests({{"server.yaml", R"(
servers:
  fsn1:
    proxmox: { node: pve, url: "https://127.0.0.1:8006", user: root@pam, password: simulator }
)"},
                         {"containers.yaml", containers}});
}

bool is_valid(const std::string& containers) {
  Vault vault;
  try {
    wanted(containers)(vault);
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

std::vector<std::string> violations(std::vector<std::string> stages) {
  LawCase law_case;
  for (const std::string& stage : stages) law_case.stages.push_back(wanted(stage));
  law_case.kinds = {&container_kind(), 1};
  law_case.make_world = make_proxmox_world;
  return violations_of_rest(law_case);
}

}  // namespace

TEST_CASE("a thousand random manifests of a container, each after another one, are at rest") {
  std::string before;
  int applied = 0;
  for (unsigned seed = 1; applied < k_manifests; ++seed) {
    REQUIRE(seed < 20 * k_manifests);
    const std::string now = random_container(seed);
    if (!is_valid(now)) continue;
    ++applied;
    INFO(before << "\n" << now);
    const auto found = violations(before.empty() ? std::vector{now} : std::vector{before, now});
    CHECK(found == std::vector<std::string>{});
    before = now;
  }
}

}  // namespace aegis::laws
