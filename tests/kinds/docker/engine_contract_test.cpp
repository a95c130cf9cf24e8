#include <catch2/catch.hpp>
#include <functional>
#include <string>

#include "engine_lab.h"
#include "support/fake_docker.h"

using namespace aegis;
using namespace aegis::docker;

namespace {

struct Request {
  std::string method;
  std::string path;
  Json body;
};

const Json k_labels = {{"owner", "contract"}};

// What the kinds send, in the order of a life: also what they send twice, too early or too late.
const std::vector<Request> k_life{
    {"GET", "/images/nothing:1/json", {}},
    {"GET", "/images/demo:1/json", {}},
    {"POST", "/volumes/create", {{"Name", "c_data"}, {"Labels", k_labels}}},
    {"POST", "/volumes/create", {{"Name", "c_data"}, {"Labels", {{"owner", "else"}}}}},
    {"GET", "/volumes/c_data", {}},
    {"GET", "/volumes/c_none", {}},
    {"POST",
     "/networks/create",
     {{"Name", "c_net"}, {"CheckDuplicate", true}, {"Labels", k_labels}}},
    {"POST", "/networks/create", {{"Name", "c_net"}, {"CheckDuplicate", true}}},
    {"POST",
     "/networks/create",
     {{"Name", "c_other"}, {"CheckDuplicate", true}, {"Internal", true}}},
    {"GET", "/networks", {}},
    {"GET", "/networks/c_none", {}},
    {"POST", "/containers/create?name=c_web", {{"Image", "nothing:1"}}},
    {"POST",
     "/containers/create?name=c_web",
     {{"Image", "demo:1"},
      {"NetworkingConfig",
       {{"EndpointsConfig", {{"c_net", Json::object()}, {"c_other", Json::object()}}}}}}},
    {"POST",
     "/containers/create?name=c_web",
     {{"Image", "demo:1"},
      {"Cmd", {"sleep", "1000"}},
      {"Env", {"A=1"}},
      {"Labels", k_labels},
      {"StopTimeout", 0},
      {"ExposedPorts", {{"80/tcp", Json::object()}}},
      {"HostConfig",
       {{"NetworkMode", "c_net"},
        {"Memory", 67108864},
        {"Binds", {"c_data:/data:ro"}},
        {"PortBindings", {{"80/tcp", {{{"HostIp", ""}, {"HostPort", "8099"}}}}}}}},
      {"NetworkingConfig",
       {{"EndpointsConfig", {{"c_net", {{"Aliases", Json::array({"web"})}}}}}}}}},
    {"POST", "/containers/create?name=c_web", {{"Image", "demo:1"}}},
    {"GET", "/containers/c_web/json", {}},
    {"POST", "/networks/c_other/connect", {{"Container", "c_web"}}},
    {"POST", "/networks/c_other/connect", {{"Container", "c_web"}}},
    {"POST", "/containers/c_web/stop", {}},
    {"POST", "/containers/c_web/start", {}},
    {"POST", "/containers/c_web/start", {}},
    {"GET", "/containers/c_web/json", {}},
    {"GET", "/containers/json?all=1", {}},
    {"GET", "/containers/json?all=1&filters=%7B%22network%22%3A%5B%22c_net%22%5D%7D", {}},
    {"POST", "/containers/c_web/rename?name=c_web", {}},
    {"POST", "/containers/c_web/rename?name=c_new", {}},
    {"POST", "/containers/c_new/update", {{"Memory", 268435456}}},
    {"POST", "/containers/c_new/update", {{"Memory", 268435456}, {"MemorySwap", 536870912}}},
    {"DELETE", "/networks/c_net", {}},
    {"DELETE", "/volumes/c_data", {}},
    {"DELETE", "/containers/c_new", {}},
    {"POST", "/networks/c_other/disconnect", {{"Container", "c_new"}, {"Force", true}}},
    {"POST", "/networks/c_other/disconnect", {{"Container", "c_new"}, {"Force", true}}},
    {"POST", "/containers/c_new/stop", {}},
    {"DELETE", "/containers/c_new", {}},
    {"DELETE", "/containers/c_new", {}},
    {"DELETE", "/networks/c_net", {}},
    {"DELETE", "/networks/c_net", {}},
    {"DELETE", "/networks/c_other", {}},
    {"DELETE", "/volumes/c_data", {}},
    {"DELETE", "/volumes/c_data", {}}};

HttpRequest request_of(const Request& request, const std::string& endpoint) {
  HttpRequest made;
  made.endpoint = endpoint;
  made.method = request.method;
  made.path = "/v1.41" + request.path;
  if (!request.body.is_null()) {
    made.content_type = "application/json";
    made.body = dump_json(request.body);
  }
  return made;
}

bool is_notebook(const std::string& key) {
  return key == "CreatedSeconds" || key == "NamedByRequest";
}

/// What the fake answers, the engine answers too: every member, with a value of the same type.
/// Members that only the engine has are no business of the kinds.
void check_shape(const Json& fake, const Json& real, const std::string& path) {
  INFO(path);
  if (fake.is_null() || real.is_null()) return;
  CHECK(std::string(fake.type_name()) == real.type_name());
  if (fake.is_object() && real.is_object()) {
    for (const auto& [key, value] : fake.items()) {
      if (is_notebook(key)) continue;
      const bool has_member = value.is_null() || real.contains(key);
      INFO(path << "." << key);
      CHECK(has_member);
      if (real.contains(key)) check_shape(value, real.at(key), path + "." + key);
    }
  }
  if (fake.is_array() && real.is_array() && !fake.empty()) {
    CHECK_FALSE(real.empty());
    if (!real.empty()) check_shape(fake[0], real[0], path + "[0]");
  }
}

}  // namespace

TEST_CASE("the engine in memory answers as the real one does") {
  const Lab lab;
  EngineDoors real;
  test::FakeDocker fake;
  fake.add_image("demo:1",
                 {{"Env", {"FROM_IMAGE=yes", "PATH=/bin"}},
                  {"Cmd", {"sleep", "500"}},
                  {"WorkingDir", "/srv"},
                  {"Labels", {{"image.label", "yes"}}},
                  {"ExposedPorts", {{"70/tcp", Json::object()}}},
                  {"Volumes", {{"/var/image", Json::object()}}}});
  for (const Request& request : k_life) {
    INFO(request.method << " " << request.path);
    const auto told = fake.send(request_of(request, fake.endpoint()));
    const auto heard = real.doors.http().send(request_of(request, real.endpoint));
    REQUIRE(told);
    REQUIRE(heard);
    CHECK(told->status == heard->status);
    const auto told_body = parse_json(told->body);
    const auto heard_body = parse_json(heard->body);
    if (told_body && heard_body) check_shape(*told_body, *heard_body, request.path);
  }
}
