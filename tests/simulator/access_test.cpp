#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "base/text.h"
#include "simulator/recorded.h"

namespace aegis::test {
namespace {

const std::string k_features_only_root =
    "Permission check failed (changing feature flags (except nesting) is only allowed for "
    "root@pam)";
const std::string k_bind_only_root =
    "Permission check failed (mount point type bind is only allowed for root@pam)";
const std::string k_device_only_root =
    "Permission check failed (configuring device passthrough is only allowed for root@pam)";

simulator::Request bare(std::string method, std::string target) {
  simulator::Request request;
  request.method = std::move(method);
  request.target = "/api2/json" + target;
  return request;
}

}  // namespace

TEST_CASE("a 401 says why in its reason phrase and has no body") {
  Testbed bed;
  const auto refused = [&](const simulator::Request& request) {
    const simulator::Response response = bed.host().handle(request);
    CHECK(response.status == 401);
    CHECK(response.body.empty());
    return response.reason;
  };
  const simulator::Ticket ticket = bed.host().mint_ticket();
  simulator::Request request = bare("GET", "/version");
  CHECK(refused(request) == "No ticket");
  request.headers["cookie"] = "PVEAuthCookie=" + percent_encode(ticket.ticket + "x");
  CHECK(refused(request) == "Authentication failed!");
  request.headers.clear();
  request.headers["authorization"] = "PVEAPIToken=root@pam!aegis=wrong";
  CHECK(refused(request) == "Authentication failed!");
  request.headers["authorization"] = "PVEAPIToken=root@pam!nobody=x";
  CHECK(refused(request) == "Authentication failed!");

  request = bare("POST", "/pools?poolid=a");
  request.headers["cookie"] = "PVEAuthCookie=" + ticket.ticket;
  CHECK(refused(request) == "Permission denied - invalid csrf token");
  request.headers["csrfpreventiontoken"] = "wrong";
  CHECK(refused(request) == "Permission denied - invalid csrf token");
  request.headers["csrfpreventiontoken"] = ticket.csrf_token;
  CHECK(bed.host().handle(request).status == 200);
}

TEST_CASE("a refused login is held back as long as the options say") {
  simulator::SimulatorOptions options = recorded_options();
  options.refusal_delay = std::chrono::seconds(3);
  Testbed bed(options);
  CHECK(bed.host().handle(bare("GET", "/version")).delay == std::chrono::seconds(3));
  CHECK(bed.get("/version").delay.count() == 0);
}

TEST_CASE("a ticket is had for a password, renewed while it is valid, and expires") {
  const ManualClock clock;
  Testbed bed(recorded_options(clock));
  const auto login = [&](const std::string& password) {
    return bed.host().handle(
        bare("POST", "/access/ticket?username=root%40pam&password=" + percent_encode(password)));
  };
  CHECK(login("wrong").reason == "authentication failure");
  const simulator::Response first = login("simulator");
  REQUIRE(first.status == 200);
  const Json data = get(body_of(first), "data");
  const std::string ticket = text_or(data, "ticket");
  CHECK(ticket.starts_with("PVE:root@pam:"));
  CHECK_FALSE(text_or(data, "CSRFPreventionToken").empty());
  CHECK(text_or(data, "username") == "root@pam");

  simulator::Request read = bare("GET", "/version");
  read.headers["authorization"] = "PVEAuthCookie=" + ticket;
  CHECK(bed.host().handle(read).status == 200);
  clock.advance(std::chrono::minutes(110));
  const simulator::Response renewed = login(ticket);
  CHECK(renewed.status == 200);
  clock.advance(std::chrono::minutes(11));
  CHECK(bed.host().handle(read).status == 401);
  CHECK(login(ticket).status == 401);
  read.headers["authorization"] =
      "PVEAuthCookie=" + text_or(get(body_of(renewed), "data"), "ticket");
  CHECK(bed.host().handle(read).status == 200);
}

TEST_CASE("a token works with '=' and with a blank, and gets no ticket") {
  Testbed bed;
  const std::string token = bed.host().root_token().reveal();
  simulator::Request read = bare("GET", "/version");
  for (const std::string separator : {"=", " "}) {
    read.headers["authorization"] = "PVEAPIToken" + separator + token;
    CHECK(bed.host().handle(read).status == 200);
  }
  read = bare("POST", "/access/ticket?username=root%40pam&password=simulator");
  read.headers["authorization"] = "PVEAPIToken=" + token;
  CHECK(bed.host().handle(read).status == 403);
}

TEST_CASE("what Proxmox keeps for root@pam is refused to every token, root's own too") {
  Testbed bed;
  bed.make_container(100);
  bed.make_container(102, {{"unprivileged", ""}});
  const std::string root_token = bed.host().root_token().reveal();
  const std::string admin = bed.make_token("aegis@pve", "Administrator", "/");
  for (const std::string& token : {root_token, admin}) {
    bed.as(token);
    replay(bed,
           {{"PUT", "./lxc/100/config", "features=nesting=1"},
            {"PUT", "./lxc/100/config", "features=nesting=1"},
            {"PUT", "./lxc/100/config", "features=keyctl=1", 403, k_features_only_root},
            {"PUT", "./lxc/100/config", "features=nesting=1,keyctl=1", 403, k_features_only_root},
            {"PUT", "./lxc/100/config", "features=mount=nfs;cifs", 403, k_features_only_root},
            {"PUT", "./lxc/100/config", "delete=features"},
            {"PUT",
             "./lxc/102/config",
             "features=nesting=1",
             403,
             "Permission check failed (changing feature flags for privileged container is only "
             "allowed for root@pam)"},
            {"PUT", "./lxc/100/config", "mp1=/srv,mp=/srv", 403, k_bind_only_root},
            {"PUT", "./lxc/100/config", "delete=mp1"},
            {"PUT", "./lxc/100/config", "dev0=/dev/null", 403, k_device_only_root},
            {"PUT", "./lxc/100/config", "delete=dev0", 403, k_device_only_root},
            {"PUT",
             "./lxc/100/config",
             "hookscript=local:snippets/h.sh",
             403,
             "Permission check failed (changing the hookscript is only allowed for root@pam)"},
            {"PUT", "./lxc/100/config", "cores=1  dev0=/dev/null", 403, k_device_only_root}});
    CHECK(config_value(bed, 100, "cores") == "-");
  }
  bed.as("");
  replay(bed,
         {{"PUT", "./lxc/100/config", "features=nesting=1,keyctl=1"},
          {"PUT", "./lxc/102/config", "features=nesting=1"},
          {"PUT", "./lxc/100/config", "dev0=/dev/null"},
          {"PUT", "./lxc/100/config", "mp1=/srv,mp=/srv"}});
  bed.as(admin);
  replay(bed,
         {{"PUT", "./lxc/100/config", "features=keyctl=1"},
          {"PUT", "./lxc/100/config", "features=nesting=1,keyctl=1"},
          {"PUT", "./lxc/100/config", "delete=features", 403, k_features_only_root},
          {"PUT", "./lxc/100/config", "mp1=/srv,mp=/srv", 403, k_bind_only_root},
          {"POST",
           "./lxc",
           "vmid=111  ostemplate=" + std::string(k_template) +
               "  rootfs=data:1  unprivileged=1  features=nesting=1,keyctl=1",
           403,
           k_features_only_root},
          {"POST",
           "./lxc",
           "vmid=111  ostemplate=" + std::string(k_template) +
               "  rootfs=data:1  unprivileged=1  features=nesting=1",
           200,
           "task OK"},
          {"PUT",
           "./lxc/111/config",
           "unprivileged=0",
           500,
           "unable to modify read-only option: 'unprivileged'"}});
}

TEST_CASE("lists are filtered by privilege, never refused") {
  Testbed bed;
  bed.make_container(100);
  bed.make_container(101);
  const std::string reader = bed.make_token("reader@pve", "PVEAuditor", "/");
  const std::string limited = bed.make_token("lim@pve", "PVEVMAdmin", "/vms");
  const std::string one = bed.make_token("one@pve", "PVEVMUser", "/vms/101");
  bed.as(reader);
  CHECK(bed.data("/nodes/pve/lxc").size() == 2);
  CHECK(bed.data("/cluster/resources").size() == 6);
  CHECK(bed.data("/storage").size() == 2);
  CHECK(bed.data("/nodes/pve/storage/data/content").empty());
  CHECK(bed.data("/nodes/pve/storage/local/content").size() == 1);
  CHECK(bed.data("/nodes/pve/network").size() == 1);
  bed.as(limited);
  CHECK(bed.data("/nodes/pve/lxc").size() == 2);
  CHECK(bed.data("/cluster/resources").size() == 3);
  CHECK(bed.data("/storage").empty());
  CHECK(bed.data("/nodes/pve/network").empty());
  const Json permissions = bed.data("/access/permissions");
  CHECK(get(get(permissions, "/vms"), "VM.Audit") == 1);
  CHECK_FALSE(permissions.contains("/"));
  bed.as(one);
  REQUIRE(bed.data("/nodes/pve/lxc").size() == 1);
  CHECK(get(bed.data("/nodes/pve/lxc")[0], "vmid") == 101);
}

TEST_CASE("missing privileges are named as recorded") {
  Testbed bed;
  bed.make_container(100);
  const std::string reader = bed.make_token("reader@pve", "PVEAuditor", "/");
  const std::string limited = bed.make_token("lim@pve", "PVEVMAdmin", "/vms");
  bed.as(reader);
  replay(bed,
         {{"GET",
           "/storage/local",
           "",
           403,
           "Permission check failed (/storage/local, Datastore.Allocate)"},
          {"PUT",
           "./lxc/100/config",
           "cores=1",
           403,
           "Permission check failed (/vms/100, VM.Config.Disk|VM.Config.CPU|VM.Config.Memory|"
           "VM.Config.Network|VM.Config.Options)"},
          {"GET",
           "./lxc/4242/config",
           "",
           500,
           "Configuration file 'nodes/pve/lxc/4242.conf' does not exist"}});
  bed.as(limited);
  const std::string space = "Permission check failed (/storage/data, Datastore.AllocateSpace)";
  replay(bed,
         {{"PUT", "./lxc/100/config", "cores=2"},
          {"PUT",
           "./lxc/100/config",
           "net0=name=eth0,bridge=vmbr0",
           403,
           "Permission check failed (/sdn/zones/localnetwork/vmbr0, SDN.Use)"},
          {"PUT", "./lxc/100/config", "mp6=data:1,mp=/x", 403, space},
          {"PUT", "./lxc/100/resize", "disk=rootfs  size=+1G", 403, space},
          {"POST",
           "./lxc",
           "vmid=120  ostemplate=" + std::string(k_template) + "  rootfs=data:1  unprivileged=1",
           403,
           space},
          {"GET",
           "./storage/local/content",
           "",
           403,
           "Permission check failed (/storage/local, Datastore.Audit|Datastore.AllocateSpace)"},
          {"GET", "./status", "", 403, "Permission check failed (/nodes/pve, Sys.Audit)"}});
}

TEST_CASE("a separated token may only do what both it and its user may") {
  Testbed bed;
  bed.make_container(100);
  const std::string token = bed.make_token("two@pve", "PVEVMAdmin", "/vms", true);
  bed.as(token);
  CHECK(bed.data("/nodes/pve/lxc").empty());
  bed.as("");
  bed.put("/access/acl", {{"path", "/"}, {"tokens", "two@pve!ci"}, {"roles", "Administrator"}});
  bed.as(token);
  CHECK(bed.data("/nodes/pve/lxc").size() == 1);
  CHECK(bed.data("/storage").empty());
}

TEST_CASE("users and tokens are made, listed and deleted") {
  Testbed bed;
  replay(bed,
         {{"POST", "/access/users", "userid=vtest@pve  password=secret-1  comment=test user"},
          {"POST",
           "/access/users",
           "userid=vtest@pve",
           500,
           "create user failed: user 'vtest@pve' already exists"},
          {"PUT", "/access/acl", "path=/  users=vtest@pve  roles=PVEAdmin"},
          {"POST", "/access/users/vtest@pve/token/t1", "privsep=1", 200, ""},
          {"POST", "/access/users/vtest@pve/token/t1", "", 400, "tokenid| Token already exists."},
          {"GET",
           "/access/users/vtest@pve/token",
           "",
           200,
           R"([{"tokenid":"t1","privsep":1,"expire":0}])"},
          {"GET",
           "/access/acl",
           "",
           200,
           R"([{"path":"/","ugid":"vtest@pve","type":"user","propagate":1,"roleid":"PVEAdmin"}])"},
          {"DELETE", "/access/users/vtest@pve/token/t1"},
          {"GET", "/access/users/vtest@pve/token", "", 200, "[]"},
          {"DELETE", "/access/users/vtest@pve"},
          {"GET", "/access/acl", "", 200, "[]"}});
}

}  // namespace aegis::test
