#include <catch2/catch.hpp>

#include "base/json.h"
#include "cli/binary.h"

namespace aegis::test {

TEST_CASE("secrets are listed without their values, and one without a value ends with 3") {
  const Scratch scratch;
  // The rest of the manifests need not be right for it.
  scratch.write("aegis.yaml",
                "servers: { s: { proxmox: { password: \"${secret:db}\" }, nonsense: 1 } }\n"
                "secrets: { db: { env: DB }, other: { command: [printf, planted] } }\n");
  const Environment planted{{"DB", "planted-value"}};
  const Run good = run_aegisctl({"-C", scratch.path(), "secrets"}, planted);
  INFO(good.out << good.err);
  CHECK(good.exit_code == 0);
  CHECK(good.out.find("servers.s.proxmox.password (aegis.yaml:1:38)") != std::string::npos);
  CHECK((good.out + good.err).find("planted-value") == std::string::npos);
  const Run bad = run_aegisctl({"-C", scratch.path(), "secrets", "--json"});
  CHECK(bad.exit_code == 3);
  const auto json = parse_json(bad.out);
  REQUIRE(json);
  CHECK(json->at("secrets")[0].at("resolves") == false);
  CHECK(json->at("secrets")[1].at("uses").empty());
}

TEST_CASE("secrets of a project that is no YAML end with 3 and the place") {
  const Scratch scratch;
  scratch.write("aegis.yaml", "servers: {\n");
  const Run run = run_aegisctl({"-C", scratch.path(), "secrets"});
  CHECK(run.exit_code == 3);
  CHECK(run.err.find("aegis.yaml:") != std::string::npos);
}

}  // namespace aegis::test
