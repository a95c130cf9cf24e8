#include <catch2/catch.hpp>

#include "model/desired.h"
#include "model/endpoint.h"
#include "model/plan.h"

namespace aegis {

TEST_CASE("the place of an attribute is the nearest one known") {
  Resource resource;
  resource.where = {"a.yaml", 1, 1};
  resource.places["rootfs"] = {"a.yaml", 5, 3};
  resource.places["rootfs.size"] = {"a.yaml", 6, 5};
  CHECK(resource.place_of("rootfs.size").line == 6);
  CHECK(resource.place_of("rootfs.storage").line == 5);
  CHECK(resource.place_of("memory").line == 1);
}

TEST_CASE("hosts and guests are scopes of one type, as operating systems") {
  const auto type_of = [](const char* name) { return std::string(Scope{name, {}, {}}.type()); };
  CHECK(type_of("host/fsn1") == "os");
  CHECK(type_of("guest/aegis") == "os");
  CHECK(type_of("server/host") == "server");
  CHECK(type_of("stack/guest") == "stack");
}

TEST_CASE("every disruption and action reads back from its name") {
  for (const auto disruption : {Disruption::none,
                                Disruption::reload,
                                Disruption::restart_service,
                                Disruption::reboot_container,
                                Disruption::recreate,
                                Disruption::data_loss}) {
    CHECK(parse_disruption(to_string(disruption)) == disruption);
  }
  for (const auto action :
       {Action::create, Action::update, Action::replace, Action::adopt, Action::remove}) {
    CHECK(parse_action(to_string(action)) == action);
  }
  CHECK_FALSE(parse_disruption("catastrophe").has_value());
}

TEST_CASE("two stacks on one engine share its endpoint, two engines do not") {
  CHECK(engine_endpoint(GuestEngine{"fsn1", 103}) == engine_endpoint(GuestEngine{"fsn1", 103}));
  CHECK(engine_endpoint(GuestEngine{"fsn1", 103}) != engine_endpoint(GuestEngine{"fsn1", 104}));
  CHECK(engine_endpoint(UnixEngine{"/run/docker.sock"}) == "docker/unix:/run/docker.sock");
}

TEST_CASE("a server acts as root over SSH or with root's password, not with a token") {
  Server server;
  server.proxmox.token_id = "root@pam!x";
  CHECK_FALSE(server.can_act_as_root());
  server.proxmox.user = "root@pam";
  server.proxmox.password = Secret("p");
  CHECK(server.can_act_as_root());
  server.proxmox = {};
  server.ssh = SshConnection{};
  CHECK(server.can_act_as_root());
}

}  // namespace aegis
