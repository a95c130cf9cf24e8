#include <catch2/catch.hpp>

#include "support/simulated_proxmox.h"

namespace aegis::test {
namespace {

HttpRequest to_proxmox(std::string method, std::string path) {
  HttpRequest request;
  request.endpoint = "proxmox/fsn1";
  request.method = std::move(method);
  request.path = "/api2/json" + std::move(path);
  return request;
}

}  // namespace

TEST_CASE("the in-process door calls as root, or with a token where root is not asked for") {
  SimulatedProxmox proxmox;
  HttpRequest add = to_proxmox("POST", "/pools");
  add.content_type = "application/x-www-form-urlencoded";
  add.body = "poolid=a";
  CHECK(proxmox.send(add)->status == 200);

  proxmox.use_token("nobody@pve!x=y");
  CHECK(proxmox.send(to_proxmox("GET", "/pools"))->reason == "Authentication failed!");
  HttpRequest read = to_proxmox("GET", "/pools");
  read.as_root = true;
  CHECK(proxmox.send(read)->status == 200);
  proxmox.use_token(proxmox.host().root_token().reveal());
  CHECK(proxmox.send(to_proxmox("GET", "/pools"))->status == 200);
  CHECK(proxmox.log().size() == 4);
}

TEST_CASE("the in-process door hands a dropped connection on as an unknown outcome") {
  SimulatedProxmox proxmox;
  proxmox.host().set_faults({{{.kind = simulator::Fault::Kind::drop_after}}, {}});
  const Result<HttpResponse> dropped = proxmox.send(to_proxmox("GET", "/version"));
  REQUIRE_FALSE(dropped.has_value());
  CHECK(dropped.error().code == ErrorCode::outcome_unknown);
}

TEST_CASE("the in-process door refuses to reach anything but Proxmox") {
  SimulatedProxmox proxmox;
  HttpRequest stray = to_proxmox("GET", "/containers/json");
  stray.endpoint = "docker/aegis";
  CHECK_THROWS_AS(proxmox.send(stray), std::logic_error);
}

TEST_CASE("the in-process door answers waves in the order of the requests") {
  SimulatedProxmox proxmox;
  const std::vector<HttpRequest> wave{to_proxmox("GET", "/version"), to_proxmox("GET", "/nope")};
  const auto answers = proxmox.send_all(wave);
  REQUIRE(answers.size() == 2);
  CHECK(answers[0]->status == 200);
  CHECK(answers[1]->status == 501);
}

}  // namespace aegis::test
