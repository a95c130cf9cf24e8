#include "plan/plan_json.h"

#include <catch2/catch.hpp>

#include "base/vault.h"
#include "case.h"

namespace aegis {
namespace {

using fake::Case;

Case some_case(Vault& vault) {
  Case given = Case()
                   .want("container/a",
                         {{"memory", 2},
                          {"features", {{"keyctl", true}}},
                          {"unprivileged", true},
                          {"env", {{"list", {vault.seal("hush"), "b"}}}}})
                   .there("container/a", {{"memory", 1}, {"unprivileged", false}})
                   .want("stack/app/service/web", {{"image", "x"}});
  given.world.objects.at(fake::at("container/a")).notes = {{Severity::warning,
                                                            "Old",
                                                            "Too old.",
                                                            SourceSpan{"a.yaml", 1, 2, 3},
                                                            SourceSpan{"b.yaml", 4, 5, 6}}};
  given.options.replaces = {"container/a"};
  return given;
}

TEST_CASE("a plan read back from its JSON is the same plan") {
  Vault vault;
  const Json json = to_json(some_case(vault).plan());
  const auto read = parse_plan(json);
  REQUIRE(read.has_value());
  CHECK(dump_json(to_json(*read)) == dump_json(json));
  CHECK(json.at("format_version") == "1.0");
  CHECK(json.at("summary").at("actions").at("create") == 1);
  CHECK(json.at("steps").at(0).at("timeout_ms") == 60000);
}

TEST_CASE("no secret, no seal and no step's input is ever written") {
  Vault vault;
  const Json json = to_json(some_case(vault).plan());
  const std::string bytes = dump_json(json);
  CHECK(bytes.find("hush") == std::string::npos);
  CHECK(bytes.find("$sealed") == std::string::npos);
  CHECK(bytes.find("must not be saved") == std::string::npos);
  const Json& attribute = json.at("changes").at(0).at("attributes").at(0);
  CHECK(attribute.at("path") == "env.list");
  CHECK(attribute.at("after") == Json{"[redacted]", "b"});
  CHECK(attribute.at("sensitive") == true);
}

TEST_CASE("what is no plan, a newer one or a damaged one is refused with the reason") {
  Vault vault;
  const Json good = to_json(some_case(vault).plan());
  const auto refusal = [](const Json& json) {
    const auto read = parse_plan(json);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == ErrorCode::rejected);
    return read.error().message;
  };
  CHECK(refusal(Json::array()).find("not a plan") != std::string::npos);
  CHECK(refusal({{"terraform_version", "1"}}).find("not a plan") != std::string::npos);
  Json newer = good;
  newer["format_version"] = "2.0";
  CHECK(refusal(newer).find("2.0") != std::string::npos);
  Json cut = good;
  cut.erase("steps");
  CHECK(refusal(cut).find("incomplete") != std::string::npos);
  for (const char* key : {"address", "action", "disruption"}) {
    Json damaged = good;
    damaged["changes"][0].erase(key);
    CHECK(refusal(damaged).find("damaged") != std::string::npos);
  }
  Json no_object = good;
  no_object["steps"][0] = 5;
  CHECK(refusal(no_object).find("damaged") != std::string::npos);
  Json odd = good;
  odd["changes"][0]["attributes"] = "text";
  CHECK(refusal(odd).find("damaged") != std::string::npos);
}

TEST_CASE("a later minor version is read") {
  Vault vault;
  Json json = to_json(some_case(vault).plan());
  json["format_version"] = "1.7";
  json["changes"][0]["something_new"] = true;
  CHECK(parse_plan(json).has_value());
}

}  // namespace
}  // namespace aegis
