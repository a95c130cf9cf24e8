#pragma once

#include <catch2/catch.hpp>

#include "rig.h"
#include "support/fake_clock.h"
#include "support/fake_docker.h"

namespace aegis::docker {

/// A rig over an engine in memory that has the images "app:1" and "app:2". A call that the fake
/// does not know fails the test.
struct FakeRig {
  FakeRig() {
    engine.add_image("app:1", {{"Env", {"PATH=/bin", "FROM_IMAGE=yes"}}, {"Cmd", {"serve"}}});
    engine.add_image("app:2", {{"Env", {"PATH=/bin"}}, {"Cmd", {"serve"}}});
  }
  ~FakeRig() { CHECK(engine.unknown_calls() == std::vector<std::string>{}); }

  test::FakeDocker engine;
  FakeClock clock;
  Rig rig{engine, clock, engine.endpoint()};

  /// What Docker's own tools or other people do meanwhile.
  HttpResponse call(const std::string& method,
                    const std::string& path,
                    const Json& body = Json::object()) {
    HttpRequest request;
    request.endpoint = engine.endpoint();
    request.method = method;
    request.path = "/v1.41" + path;
    request.body = dump_json(body);
    return *engine.send(request);
  }

  Json inspect(const std::string& container) {
    return *parse_json(call("GET", "/containers/" + container + "/json").body);
  }
};

/// A stack of one service.
inline Json one_service(const Json& spec) {
  return {{"services", {{"web", spec}}}};
}

}  // namespace aegis::docker
