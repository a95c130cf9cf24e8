#include "kinds/docker/kernel_options.h"

#include "base/text.h"
#include "fake_rig.h"

using namespace aegis;
using namespace aegis::docker;

namespace {

Json options() {
  return Json::parse(R"({"oom_kill_disable":true,"mem_swappiness":0,
    "blkio_config":{"weight":300,"weight_device":[{"path":"/dev/sda","weight":200}]}})");
}

Json wanted() {
  Json attributes = Json::object();
  wanted_kernel_options(attributes, options());
  return attributes;
}

Json live(const Json& host, const std::string& label) {
  const Json shape = wanted();
  Json attributes = Json::object();
  live_kernel_options(attributes, {{"HostConfig", host}}, Declared(shape, label));
  return attributes;
}

}  // namespace

TEST_CASE("what the kernel does not have was left out when the container was made") {
  const std::string asked = join(declared_paths(wanted()), ",");
  const Json nothing = Json::parse(R"({"OomKillDisable":null,"MemorySwappiness":null,
                                       "BlkioWeight":0,"BlkioWeightDevice":[]})");
  CHECK(live(nothing, asked) == wanted());
  CHECK(live(nothing, "") == Json::object());
}

TEST_CASE("another value on the engine is a difference, whatever was asked for") {
  const std::string asked = join(declared_paths(wanted()), ",");
  const Json other = Json::parse(R"({"OomKillDisable":true,"MemorySwappiness":60,
    "BlkioWeight":500,"BlkioWeightDevice":[{"Path":"/dev/sdb","Weight":200}]})");
  const Json found = live(other, asked);
  CHECK(found.at("mem_swappiness") == 60);
  CHECK(found.at("blkio_config").at("weight") == 500);
  CHECK(found.at("blkio_config").at("weight_device").contains("/dev/sdb"));
}

TEST_CASE("a weight changes on the running container, but neither comes nor goes") {
  FakeRig fake;
  const auto weighs = [](int weight) {
    Json spec = {{"image", "app:1"}};
    if (weight > 0) spec["blkio_config"] = {{"weight", weight}};
    return one_service(spec);
  };
  const auto creates = [](const Plan& plan) {
    const auto steps = operations(plan, "service/web");
    return std::find(steps.begin(), steps.end(), "create") != steps.end();
  };
  fake.rig.converge(weighs(0));
  CHECK(creates(fake.rig.converge(weighs(300))));
  CHECK(operations(fake.rig.converge(weighs(400)), "service/web") ==
        std::vector<std::string>{"update"});
  CHECK(differences(fake.rig.plan(weighs(400))) == std::vector<std::string>{});
  CHECK(creates(fake.rig.plan(weighs(0))));
}

TEST_CASE("processor time is changed in place, and the way to say it only with a new container") {
  FakeRig fake;
  const auto with = [](Json more) {
    more["image"] = "app:1";
    return one_service(more);
  };
  fake.rig.converge(with({{"cpu_quota", 25000}}));
  CHECK(operations(fake.rig.converge(with({{"cpu_quota", 30000}})), "service/web") ==
        std::vector<std::string>{"update"});
  const auto steps = operations(fake.rig.converge(with({{"cpus", 0.5}})), "service/web");
  CHECK(std::find(steps.begin(), steps.end(), "create") != steps.end());
}

TEST_CASE(
    "what an older engine would leave out without a word is an error before anything is done") {
  FakeRig fake;
  for (const Json& more : {Json::parse(R"({"annotations":{"a":"b"}})"),
                           Json::parse(R"({"networks":{"default":{"gw_priority":1}}})"),
                           Json::parse(R"({"networks":{"default":{"interface_name":"lan0"}}})")}) {
    Json spec = {{"image", "app:1"}};
    spec.update(more);
    const Plan plan = fake.rig.plan(one_service(spec));
    INFO(more.dump());
    const auto change = std::find_if(plan.changes.begin(), plan.changes.end(), [](const auto& c) {
      return c.address.name == "web";
    });
    REQUIRE(change != plan.changes.end());
    CHECK(change->blocked.find("Engine is too old") != std::string::npos);
    CHECK(change->blocked.find("this one speaks 1.41") != std::string::npos);
  }
}

TEST_CASE("devices that a driver picks are asked for as Compose does, and found equal") {
  FakeRig fake;
  const Json stack = one_service(
      {{"image", "app:1"}, {"gpus", {{{"count", -1}, {"capabilities", {"gpu", "utility"}}}}}});
  fake.rig.converge(stack);
  CHECK(fake.inspect("demo-web-1")["HostConfig"]["DeviceRequests"] ==
        Json::parse(R"([{"Driver":"","Count":-1,"Capabilities":[["gpu","utility"]]}])"));
  CHECK(differences(fake.rig.plan(stack)) == std::vector<std::string>{});
  CHECK(differences(fake.rig.plan(one_service({{"image", "app:1"}}))) ==
        std::vector<std::string>{"service/web: gpus"});
}
