#include "fake_rig.h"

using namespace aegis;
using namespace aegis::docker;

using Lines = std::vector<std::string>;

namespace {

const Json k_on_data = {{"type", "volume"}, {"source", "data"}, {"target", "/data"}};

}  // namespace

TEST_CASE("what the engine fills into a network is no difference, what was declared is") {
  FakeRig fake;
  Json stack = {{"networks",
                 {{"back",
                   {{"internal", true},
                    {"driver_opts", {{"com.docker.network.bridge.name", "br7"}}},
                    {"ipam", {{"config", {{{"subnet", "10.1.0.0/24"}}}}}},
                    {"labels", {{"a", "b"}}}}},
                  {"plain", Json::object()}}}};
  fake.rig.converge(stack);
  CHECK(differences(fake.rig.plan(stack)) == Lines{});
  stack["networks"]["back"].erase("ipam");
  stack["networks"]["back"]["internal"] = false;
  CHECK(differences(fake.rig.plan(stack)) ==
        Lines{"network/back replace", "network/back: internal", "network/back: ipam.config"});
}

TEST_CASE("what a network keeps for others, and what its address manager is told, is compared") {
  FakeRig fake;
  const auto stack = [](const std::string& address, const std::string& option) {
    return Json{
        {"networks",
         {{"back",
           {{"ipam",
             {{"config", {{{"subnet", "10.1.0.0/24"}, {"aux_addresses", {{"printer", address}}}}}},
              {"options", {{"pool", option}}}}}}}}}};
  };
  fake.rig.converge(stack("10.1.0.7", "a"));
  CHECK(differences(fake.rig.plan(stack("10.1.0.7", "a"))) == Lines{});
  CHECK(differences(fake.rig.plan(stack("10.1.0.8", "a"))) ==
        Lines{"network/back replace", "network/back: ipam.config"});
  CHECK(differences(fake.rig.plan(stack("10.1.0.7", "b"))) ==
        Lines{"network/back replace", "network/back: ipam.options.pool"});
}

TEST_CASE("a network without IPv4 is an error with an engine that does not know of it") {
  FakeRig fake;
  const Plan plan = fake.rig.plan({{"networks", {{"back", {{"enable_ipv4", false}}}}}});
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].blocked.find("needs an engine that speaks API 1.48") != std::string::npos);
}

TEST_CASE("a network is replaced with its containers attached as they were") {
  FakeRig fake;
  Json stack = one_service(
      {{"image", "app:1"},
       {"networks", {{"back", {{"ipv4_address", "10.1.0.9"}, {"aliases", {"front"}}}}}}});
  stack["networks"]["back"] = Json::object();
  fake.rig.converge(stack);
  const std::string id = text_or(fake.inspect("demo-web-1"), "Id");
  stack["networks"]["back"]["internal"] = true;
  const Plan plan = fake.rig.converge(stack);
  CHECK(operations(plan, "network/back") == Lines{"detach_all", "remove", "create", "attach_all"});
  CHECK(differences(fake.rig.plan(stack)) == Lines{});
  CHECK(text_or(fake.inspect("demo-web-1"), "Id") == id);
}

TEST_CASE("attachments that others made stay, with a note") {
  FakeRig fake;
  const Json stack = one_service({{"image", "app:1"}});
  fake.rig.converge(stack);
  fake.call("POST", "/networks/create", {{"Name", "theirs"}, {"Driver", "bridge"}});
  fake.call("POST", "/networks/theirs/connect", {{"Container", "demo-web-1"}});
  const Plan plan = fake.rig.plan(stack);
  CHECK(differences(plan) == Lines{});
  REQUIRE(plan.notes.size() == 1);
  CHECK(plan.notes[0].detail.find("theirs") != std::string::npos);
}

TEST_CASE("a volume's change is blocked until it is named, because its data goes") {
  FakeRig fake;
  Json stack = {{"volumes", {{"data", Json::object()}}}};
  fake.rig.converge(stack);
  stack["volumes"]["data"]["labels"] = {{"a", "b"}};
  CHECK(differences(fake.rig.plan(stack)) == Lines{});
  stack["volumes"]["data"]["driver_opts"] = {{"type", "tmpfs"}};
  const Plan blocked = fake.rig.plan(stack);
  CHECK_FALSE(blocked.has_work());
  REQUIRE(blocked.changes.size() == 1);
  CHECK(blocked.changes[0].destroys_data);
  PlanOptions named;
  named.replaces = {"stack/core/volume/data"};
  fake.rig.converge(stack, named);
  CHECK(differences(fake.rig.plan(stack)) == Lines{});
}

TEST_CASE("a volume is replaced with the containers on it, and they are made again") {
  FakeRig fake;
  Json stack = one_service({{"image", "app:1"}, {"volumes", {k_on_data}}});
  stack["services"]["other"] = {{"image", "app:1"}};
  stack["volumes"]["data"] = Json::object();
  fake.rig.converge(stack);
  const std::string web = text_or(fake.inspect("demo-web-1"), "Id");
  const std::string other = text_or(fake.inspect("demo-other-1"), "Id");
  stack["volumes"]["data"]["driver_opts"] = {{"type", "tmpfs"}};
  PlanOptions named;
  named.replaces = {"stack/core/volume/data"};
  const Plan plan = fake.rig.converge(stack, named);
  CHECK(differences(plan) ==
        Lines{"service/web create", "volume/data replace", "volume/data: driver_opts.type"});
  CHECK(differences(fake.rig.plan(stack)) == Lines{});
  CHECK(text_or(fake.inspect("demo-web-1"), "Id") != web);
  CHECK(text_or(fake.inspect("demo-other-1"), "Id") == other);
}

TEST_CASE("a volume stays while a container that nobody declared is on it") {
  FakeRig fake;
  Json stack = one_service({{"image", "app:1"}, {"volumes", {k_on_data}}});
  stack["services"]["late"] = stack["services"]["web"];
  stack["volumes"]["data"] = Json::object();
  fake.rig.converge(stack);
  stack["services"].erase("late");
  PlanOptions named;
  named.replaces = {"stack/core/volume/data"};
  const Plan plan = fake.rig.plan(stack, named);
  REQUIRE(plan.changes.size() >= 1);
  const auto volume = std::find_if(plan.changes.begin(), plan.changes.end(), [](const Change& c) {
    return c.address.kind == "volume";
  });
  REQUIRE(volume != plan.changes.end());
  CHECK(volume->blocked.find("demo-late-1") != std::string::npos);
  CHECK_FALSE(plan.has_work());
}

TEST_CASE("a volume that somebody else made under the name is not taken silently") {
  FakeRig fake;
  fake.call("POST", "/volumes/create", {{"Name", "demo_data"}});
  const Plan plan = fake.rig.plan({{"volumes", {{"data", Json::object()}}}});
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].action == Action::adopt);
  CHECK_FALSE(plan.has_work());
}
