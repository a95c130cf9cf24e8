#include <catch2/catch.hpp>

#include "kinds/table.h"
#include "laws/laws.h"
#include "laws/manifests.h"
#include "laws/proxmox_world.h"

using namespace aegis;
using namespace aegis::laws;

namespace {

const std::string k_server = std::string(k_server_text) + "    access:\n";

const std::string k_container = R"(
containers:
  web:
    server: fsn1
    vmid: 103
    template: "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
    rootfs: { storage: local-zfs, size: 8GiB }
    state: stopped
)";

Wanted server_with(const std::string& access, const std::string& more = "") {
  return from_manifests({{"server.yaml", k_server + access + more}});
}

const Wanted k_people = server_with(R"(
      roles: { Mine: { privileges: [VM.Audit, Sys.Audit] } }
      groups: { ops: { comment: People, acl: { /vms: [Mine, PVEVMUser] } } }
      users:
        eve@pve: { firstname: Eve, groups: [ops], acl: { /: { roles: [Mine], propagate: false } } }
        bob@pve: { comment: Bob, enable: false }
)");

const Wanted k_other_people = server_with(R"(
      roles: { Mine: { privileges: [VM.Audit] }, Other: { privileges: [VM.PowerMgmt] } }
      groups: { ops: { acl: { /vms: [Other] } }, more: {} }
      users:
        eve@pve: { groups: [more], expire: 1999999999, acl: { /: [Mine], /storage: [PVEAuditor] } }
        bob@pve: {}
)");

const std::string k_user = R"(
      users: { ci@pve: { acl: { /: [PVEAuditor] } } }
)";

const Wanted k_tokens = server_with(k_user + R"(
      tokens:
        "ci@pve!plan": { secret_file: plan.token, comment: Plans, acl: { /: [PVEAuditor] } }
        "ci@pve!full": { secret_file: full.token, privsep: false }
)");

const Wanted k_other_tokens = server_with(k_user + R"(
      tokens:
        "ci@pve!plan": { secret_file: plan.token, expire: 1999999999, acl: { /vms: [PVEAuditor] } }
)");

const Wanted k_pools = server_with(
    "      pools: { a: { containers: [web], storage: [local] }, b: {} }\n", k_container);
const Wanted k_other_pools =
    server_with("      pools: { a: { comment: A }, b: { containers: [web] } }\n", k_container);

const Wanted k_nothing = server_with(R"(
      { users: {}, groups: {}, tokens: {}, pools: {} }
)");

LawCase case_of(std::vector<Wanted> stages) {
  return {std::move(stages), all_kinds(), make_proxmox_world, {}};
}

void check_laws(LawCase law_case, bool prune = false) {
  law_case.options.prune = prune;
  CHECK(violations_of_rest(law_case) == std::vector<std::string>{});
  CHECK(violations_of_convergence(law_case) == std::vector<std::string>{});
}

}  // namespace

TEST_CASE("people and roles that are made keep the laws") {
  check_laws(case_of({k_people}));
}

TEST_CASE("people and roles that are changed keep the laws") {
  check_laws(case_of({k_people, k_other_people}));
}

TEST_CASE("tokens that are made keep the laws, their secrets too") {
  check_laws(case_of({k_tokens}));
}

TEST_CASE("tokens that are changed and removed keep the laws") {
  check_laws(case_of({k_tokens, k_other_tokens}), true);
}

TEST_CASE("pools that are made, changed and removed keep the laws") {
  check_laws(case_of({k_pools}));
  check_laws(case_of({k_pools, k_other_pools}));
}

TEST_CASE("access that nobody declares any more keeps the laws") {
  check_laws(case_of({k_people, k_nothing}), true);
  check_laws(case_of({k_tokens, k_nothing}), true);
}
