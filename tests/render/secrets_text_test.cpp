#include "render/secrets_text.h"

#include <catch2/catch.hpp>

namespace aegis::test {
namespace {

std::vector<SecretFacts> sample() {
  SecretFacts db{"db", "age db.age", {}, "", {"/key is open to others than its owner: chmod 600"}};
  db.uses.push_back({"containers.web.password", {"a.yaml", 2, 20}});
  return {std::move(db), {"lost", "", {}, "`secrets` has no `lost`.", {}}};
}

}  // namespace

TEST_CASE("the list of secrets tells source, problem, warning and places") {
  CHECK(render_text(sample(), {}) ==
        "db: age db.age\n"
        "  warning: /key is open to others than its owner: chmod 600\n"
        "  containers.web.password (a.yaml:2:20)\n"
        "lost: not declared\n"
        "  has no value: `secrets` has no `lost`.\n"
        "  used nowhere\n"
        "\n1 of 2 secrets without a value.\n");
  CHECK(render_text({sample().front()}, {}).find("All have a value.") != std::string::npos);
  CHECK(render_text(std::vector<SecretFacts>{}, {}) == "The manifests name no secrets.\n");
}

TEST_CASE("programs get the list of secrets with its version") {
  const Json json = to_json(sample());
  CHECK(json.at("format_version") == "1.0");
  CHECK(json.at("secrets")[0] ==
        Json({{"name", "db"},
              {"source", "age db.age"},
              {"resolves", true},
              {"warnings", {"/key is open to others than its owner: chmod 600"}},
              {"uses",
               Json::array({{{"path", "containers.web.password"}, {"where", "a.yaml:2:20"}}})}}));
  CHECK(json.at("secrets")[1].at("problem") == "`secrets` has no `lost`.");
}

}  // namespace aegis::test
