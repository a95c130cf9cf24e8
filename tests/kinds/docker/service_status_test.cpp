#include "kinds/docker/service_status.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <functional>
#include <map>

#include "rig.h"
#include "support/fake_clock.h"

namespace aegis::docker {
namespace {

using std::chrono::seconds;

constexpr const char* k_endpoint = "docker/unix:/x";

/// A stack with the service "web", and what its engine answers.
struct Engine {
  Engine() {
    bodies["/version"] = {{"ApiVersion", "1.41"}, {"MinAPIVersion", "1.12"}};
    bodies["/v1.41/networks"] = Json::array();
    bodies["/v1.41/volumes"] = {{"Volumes", Json::array()}};
    bodies["/v1.41/images/json"] =
        Json::parse(R"([{"Id":"sha256:1","Created":1769740200}])");  // a day before the clock's now
    bodies["/v1.41/containers/json?all=1"] = Json::parse(R"([
      {"Id":"c1","Names":["/demo-web-1"],"State":"running","ImageID":"sha256:1",
       "Labels":{"com.docker.compose.project":"demo","com.docker.compose.service":"web","io.aegisctl.stack":"core"}}])");
    bodies["/v1.41/containers/c1/json"] = Json::parse(R"(
      {"Id":"c1","Name":"/demo-web-1","Image":"sha256:1","RestartCount":0,
       "HostConfig":{"Memory":1048576,"NanoCpus":1500000000,"RestartPolicy":{"Name":"always"}},
       "State":{"Status":"running","Running":true,"ExitCode":0,"StartedAt":"2026-01-31T01:30:00Z",
                "Health":{"Status":"healthy"}}})");
    bodies["/v1.41/containers/c1/stats?stream=false&one-shot=true"] =
        Json::parse(R"({"memory_stats":{"usage":600000,"stats":{"inactive_file":100000}},
                        "cpu_stats":{"cpu_usage":{"total_usage":900000000000}}})");
  }

  Json& inspect() { return bodies["/v1.41/containers/c1/json"]; }
  Json& state() { return inspect()["State"]; }

  ServiceStatus look() {
    Vault vault;
    const Desired desired =
        make_stack(k_endpoint, {{"services", {{"web", {{"image", "web:1"}}}}}}, vault);
    Batch batch{desired.scopes.at("stack/core"), {}};
    for (const auto& [address, resource] : desired.resources) batch.resources.push_back(&resource);
    Replies replies;
    for (waves = 0; waves < 9; ++waves) {
      const std::size_t before = replies.size();
      for (const Query& query : service_status_queries(batch, replies)) answer(query, replies);
      if (replies.size() == before) break;
    }
    Status status;
    REQUIRE(read_service_status(batch, replies, FakeClock().now(), status));
    REQUIRE(status.services.size() == 1);
    return status.services.front();
  }

  void answer(const Query& query, Replies& replies) const {
    const auto body = bodies.find(query.path);
    Reply reply;
    reply.status = body == bodies.end() ? 404 : 200;
    if (body != bodies.end()) reply.body = body->second;
    replies[query] = reply;
  }

  std::map<std::string, Json> bodies;
  int waves = 0;
};

}  // namespace

TEST_CASE("a service's state, memory and ages are told after three waves") {
  Engine engine;
  const ServiceStatus web = engine.look();
  CHECK(engine.waves == 3);
  CHECK(web.address == "stack/core/service/web");
  CHECK(web.state == "healthy");
  CHECK(web.is_well);
  CHECK(web.uptime == seconds(3'600));
  CHECK(web.image_age == seconds(86'400));
  CHECK(web.memory.used == 500'000);
  CHECK(web.memory.total == 1'048'576);
  CHECK(web.cores == 1.5);
  CHECK(web.busy_cores == 0.25);
}

TEST_CASE("a service that fails its check, restarts in a loop, has ended or is gone is not well") {
  const auto state_after = [](const std::function<void(Engine&)>& change) {
    Engine engine;
    change(engine);
    const ServiceStatus web = engine.look();
    return fmt::format("{} {}", web.state, web.is_well);
  };
  CHECK(state_after([](Engine& e) { e.state()["Health"]["Status"] = "unhealthy"; }) ==
        "unhealthy false");
  CHECK(state_after([](Engine& e) { e.state()["Health"]["Status"] = "starting"; }) ==
        "starting true");
  CHECK(state_after([](Engine& e) { e.state().erase("Health"); }) == "running true");
  CHECK(state_after([](Engine& e) {
          e.inspect()["RestartCount"] = 3;
          e.state()["StartedAt"] = "2026-01-31T02:29:00Z";
        }) == "restarting false");
  CHECK(state_after([](Engine& e) { e.inspect()["RestartCount"] = 3; }) == "healthy true");
  CHECK(state_after([](Engine& e) {
          e.state() = {{"Status", "exited"}, {"Running", false}, {"ExitCode", 1}};
        }) == "exited (1) false");
  CHECK(state_after([](Engine& e) {
          e.state() = {{"Status", "exited"}, {"ExitCode", 137}, {"OOMKilled", true}};
        }) == "out of memory false");
  CHECK(state_after([](Engine& e) { e.bodies["/v1.41/containers/json?all=1"] = Json::array(); }) ==
        "absent false");
}

TEST_CASE("a job that has ended as it should is done, and well") {
  Engine engine;
  engine.state() = {{"Status", "exited"}, {"Running", false}, {"ExitCode", 0}};
  CHECK_FALSE(engine.look().is_well);  // it is to run always
  engine.inspect()["HostConfig"]["RestartPolicy"]["Name"] = "no";
  const ServiceStatus job = engine.look();
  CHECK(job.state == "done");
  CHECK(job.is_well);
  CHECK_FALSE(job.uptime);
}

TEST_CASE("an engine that does not answer is told") {
  Vault vault;
  const Desired desired =
      make_stack(k_endpoint, {{"services", {{"web", {{"image", "web:1"}}}}}}, vault);
  const Batch batch{desired.scopes.at("stack/core"), {}};
  Replies replies;
  Reply reply;
  reply.error = Error{ErrorCode::unreachable, "no socket"};
  for (const Query& query : service_status_queries(batch, replies)) replies[query] = reply;
  Status status;
  const auto read = read_service_status(batch, replies, {}, status);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == ErrorCode::unreachable);
}

}  // namespace aegis::docker
