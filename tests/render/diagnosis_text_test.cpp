#include "render/diagnosis_text.h"

#include <catch2/catch.hpp>

namespace aegis::test {
namespace {

Diagnosis sample() {
  Diagnosis diagnosis;
  ServerHealth good;
  good.name = "fsn1";
  good.login = "token ci@pve!plan";
  good.version = "8.4.21";
  diagnosis.servers.push_back(good);
  diagnosis.obstacles = {
      {"fsn1", "", "", Purpose::apply, Door::api, "Pool.Allocate on /pool/aegisctl-lock"},
      {"fsn1", "container/web", "", Purpose::plan, Door::api, "VM.Audit on /vms/103"},
      {"fsn1", "container/web", "features.keyctl", Purpose::apply, Door::root, "root@pam"}};
  return diagnosis;
}

}  // namespace

TEST_CASE("a diagnosis names each server, and below each resource what is in the way") {
  CHECK(render_text(sample(), {}) ==
        "fsn1: Proxmox VE 8.4.21 as token ci@pve!plan; no way to act as root@pam\n"
        "    to change anything: needs Pool.Allocate on /pool/aegisctl-lock, through the API\n"
        "  container/web\n"
        "    to read it: needs VM.Audit on /vms/103, through the API\n"
        "    to change features.keyctl: needs root@pam\n"
        "\n"
        "These credentials are not enough: 3 obstacles in the way.\n");
}

TEST_CASE("a server that cannot be used is told with its reason, harmlessly") {
  Diagnosis diagnosis = sample();
  diagnosis.obstacles.clear();
  diagnosis.servers[0].problem = Error{ErrorCode::unreachable, "no\x1b[2J route"};
  const std::string text = render_text(diagnosis, {});
  CHECK(text.find("fsn1: not usable as token ci@pve!plan: no\\x1b[2J route") != std::string::npos);
  CHECK(text.find("1 server cannot be used.") != std::string::npos);
}

TEST_CASE("a diagnosis for programs holds the same") {
  const Json json = to_json(sample());
  CHECK(get(json, "format_version") == "1.0");
  CHECK(get(get(json, "servers")[0], "root") == false);
  CHECK_FALSE(get(json, "servers")[0].contains("problem"));
  REQUIRE(get(json, "obstacles").size() == 3);
  CHECK(get(json, "obstacles")[1] == Json{{"server", "fsn1"},
                                          {"resource", "container/web"},
                                          {"attribute", ""},
                                          {"purpose", "plan"},
                                          {"door", "api"},
                                          {"need", "VM.Audit on /vms/103"}});
}

}  // namespace aegis::test
