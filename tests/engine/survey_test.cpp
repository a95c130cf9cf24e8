#include "engine/survey.h"

#include <catch2/catch.hpp>

namespace aegis::test {
namespace {

// Takes one core and 512 for granted, and does not compare where a thing is.
Json normalize(const Resource& resource, const Observation&) {
  Json wanted{{"cores", 1}, {"limits", {{"memory", 512}, {"swap", 0}}}};
  if (resource.spec.contains("cores")) wanted["cores"] = resource.spec["cores"];
  if (resource.spec.contains("limits")) wanted["limits"].update(resource.spec["limits"]);
  return wanted;
}

Kind kind() {
  Kind made{};
  made.name = "thing";
  made.normalize = normalize;
  return made;
}

Json reduced(const Json& spec) {
  return without_defaults(kind(), {{"", "thing", "a"}, spec, {}});
}

}  // namespace

TEST_CASE("values that are taken for granted are left out, at any depth") {
  CHECK(reduced({{"cores", 1}}) == Json::object());
  CHECK(reduced({{"cores", 2}, {"limits", {{"memory", 512}, {"swap", 0}}}}) == Json{{"cores", 2}});
  CHECK(reduced({{"limits", {{"memory", 1024}, {"swap", 0}}}}) ==
        Json{{"limits", {{"memory", 1024}}}});
}

TEST_CASE("what is not compared stays") {
  CHECK(reduced({{"server", "fsn1"}, {"cores", 1}}) == Json{{"server", "fsn1"}});
}

}  // namespace aegis::test
