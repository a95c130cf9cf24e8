#include "plan/diff.h"

#include <array>
#include <catch2/catch.hpp>
#include <random>

#include "base/vault.h"

namespace aegis {
namespace {

constexpr std::array<AttributeRule, 8> k_rules{{
    {.path = "network", .disruption = Disruption::reload, .note = {}},
    {.path = "network.*.ip", .disruption = Disruption::restart_service, .note = {}},
    {.path = "network.eth0.ip", .disruption = Disruption::reboot_container, .note = {}},
    {.path = "tags", .compare = Compare::as_set, .note = {}},
    {.path = "mac", .compare = Compare::ignore_case, .note = {}},
    {.path = "password", .write_only = true, .note = {}},
    {.path = "rootfs", .whole = true, .note = {}},
    {.path = "unprivileged", .immutable = true, .door = Door::root, .note = "baked in"},
}};

std::vector<AttributeChange> diff_of(const Json& wanted, const Json& live) {
  return diff(wanted, live, RuleTable(k_rules));
}

// A small random object; few names and values, so that two of them often agree in part.
Json random_value(std::mt19937& random, int depth) {
  switch (random() % (depth > 0 ? 6 : 4)) {
    case 0:
      return nullptr;
    case 1:
      return random() % 3;
    case 2:
      return "text";
    case 3:
      return Json::array({random() % 2, "b"});
    default: {
      Json object = Json::object();
      for (const char* name : {"network", "tags", "eth0", "ip", "other"}) {
        if (random() % 2 == 0) object[name] = random_value(random, depth - 1);
      }
      return object;
    }
  }
}

Json random_object(std::mt19937& random) {
  Json object = Json::object();
  for (const char* name : {"network", "rootfs", "tags", "other", "x"}) {
    object[name] = random_value(random, 3);
  }
  return object;
}

TEST_CASE("equal values differ in nothing, whatever they hold") {
  std::mt19937 random(7);
  for (int i = 0; i < 500; ++i) {
    const Json value = random_object(random);
    CHECK(diff_of(value, value).empty());
  }
}

TEST_CASE("a difference seen one way round is seen the other way round") {
  std::mt19937 random(11);
  for (int i = 0; i < 500; ++i) {
    const Json a = random_object(random);
    const Json b = random_object(random);
    const auto there = diff_of(a, b);
    const auto back = diff_of(b, a);
    REQUIRE(there.size() == back.size());
    for (std::size_t k = 0; k < there.size(); ++k) {
      CHECK(there[k].path == back[k].path);
      CHECK(there[k].before == back[k].after);
    }
  }
}

TEST_CASE("only what differs is named, by its path") {
  const auto changes = diff_of({{"cores", 4}, {"network", {{"eth0", {{"bridge", "vmbr1"}}}}}},
                               {{"cores", 4}, {"network", {{"eth0", {{"bridge", "vmbr0"}}}}}});
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].path == "network.eth0.bridge");
  CHECK(changes[0].before == "vmbr0");
  CHECK(changes[0].after == "vmbr1");
}

TEST_CASE("a missing member, a missing object and null are the same") {
  CHECK(diff_of({{"a", nullptr}}, Json::object()).empty());
  CHECK(diff_of({{"a", Json::object()}}, nullptr).empty());
  CHECK(diff_of(nullptr, {{"a", {{"b", nullptr}}}}).empty());
}

TEST_CASE("an explicitly empty list is not the same as none") {
  CHECK(diff_of({{"command", Json::array()}}, {{"command", nullptr}}).size() == 1);
}

TEST_CASE("the most specific rule wins") {
  const auto disruption_of = [](const Json& wanted) {
    const auto changes = diff_of(wanted, Json::object());
    REQUIRE(changes.size() == 1);
    return changes[0].disruption;
  };
  CHECK(disruption_of({{"network", {{"eth1", {{"mtu", 9000}}}}}}) == Disruption::reload);
  CHECK(disruption_of({{"network", {{"eth1", {{"ip", "dhcp"}}}}}}) == Disruption::restart_service);
  CHECK(disruption_of({{"network", {{"eth0", {{"ip", "dhcp"}}}}}}) == Disruption::reboot_container);
  CHECK(disruption_of({{"networks", 1}}) == Disruption::none);
}

TEST_CASE("a rule's facts go into the change") {
  const auto changes = diff_of({{"unprivileged", true}}, {{"unprivileged", false}});
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].forces_replace);
  CHECK(changes[0].door == Door::root);
  CHECK(changes[0].note == "baked in");
}

TEST_CASE("a name with dots in it is one piece for the rules") {
  constexpr std::array<AttributeRule, 1> k_labels{
      {{.path = "labels.*", .disruption = Disruption::recreate, .note = {}}}};
  const auto changes = diff({{"labels", {{"a.b.c", "1"}}}}, Json::object(), RuleTable(k_labels));
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].path == "labels.a.b.c");
  CHECK(changes[0].disruption == Disruption::recreate);
}

TEST_CASE("a set is compared without order and repetition") {
  CHECK(diff_of({{"tags", {"a", "b"}}}, {{"tags", {"b", "a", "a"}}}).empty());
  CHECK(diff_of({{"tags", Json::array()}}, Json::object()).empty());
  CHECK(diff_of({{"tags", {"a"}}}, {{"tags", {"a", "b"}}}).size() == 1);
  CHECK(diff_of({{"list", {"a", "b"}}}, {{"list", {"b", "a"}}}).size() == 1);
}

TEST_CASE("case is ignored only where a rule says so") {
  CHECK(diff_of({{"mac", "BC:24:11:AA"}}, {{"mac", "bc:24:11:aa"}}).empty());
  CHECK(diff_of({{"name", "Web"}}, {{"name", "web"}}).size() == 1);
}

TEST_CASE("what is never read back is not compared") {
  CHECK(diff_of({{"password", "x"}}, Json::object()).empty());
}

TEST_CASE("an object that counts as a whole is shown as one value") {
  const auto changes =
      diff_of({{"rootfs", {{"size", 2}, {"acl", 1}}}}, {{"rootfs", {{"size", 1}, {"acl", 1}}}});
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].path == "rootfs");
  CHECK(changes[0].after == Json{{"size", 2}, {"acl", 1}});
}

TEST_CASE("a secret's seal is one value, never looked into") {
  Vault vault;
  const Json one = vault.seal("one");
  const Json two = vault.seal("two");
  CHECK(diff_of({{"token", one}}, {{"token", one}}).empty());
  for (const Json& live : {two, Json("plain"), Json()}) {
    const auto changes = diff_of({{"token", one}}, {{"token", live}});
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].path == "token");
    CHECK(changes[0].after == one);
  }
}

TEST_CASE("an object in place of a scalar is a change of the whole value") {
  const auto changes = diff_of({{"a", {{"b", 1}}}}, {{"a", 5}});
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].path == "a");
}

TEST_CASE("a new object gets every value that is not empty, and disturbs nothing") {
  const auto attributes = attributes_of_new({{"cores", 2},
                                             {"password", "seal"},
                                             {"tags", Json::array()},
                                             {"network", {{"eth0", {{"ip", "dhcp"}}}}},
                                             {"none", nullptr},
                                             {"unprivileged", true}},
                                            RuleTable(k_rules));
  std::vector<std::string> paths;
  for (const auto& attribute : attributes) {
    paths.push_back(attribute.path);
    CHECK(attribute.before.is_null());
    CHECK(attribute.disruption == Disruption::none);
    CHECK_FALSE(attribute.forces_replace);
  }
  CHECK(paths == std::vector<std::string>{"cores", "network.eth0.ip", "password", "unprivileged"});
  CHECK(attributes.back().door == Door::root);
}

}  // namespace
}  // namespace aegis
