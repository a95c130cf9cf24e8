#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "simulator/recorded.h"

namespace aegis::test {
namespace {

simulator::SimulatorOptions with_second_node() {
  simulator::SimulatorOptions options = recorded_options();
  options.storages.push_back({"tank", "zfspool", "rootdir,images", std::int64_t{1} << 40});
  options.other_nodes = {"pve2"};
  options.unreachable_servers = {"down.example.com"};
  return options;
}

std::string status_of(Testbed& bed, int vmid) {
  return text_or(bed.data(fmt::format("/nodes/pve/lxc/{}/status/current", vmid)), "status");
}

}  // namespace

TEST_CASE("a metric server is written only when it answers, and its token is never told") {
  Testbed bed(with_second_node());
  const std::string path = "/cluster/metrics/server/flux";
  replay(
      bed,
      {{"POST",
        path,
        "type=influxdb  server=db.example.com  port=8086  influxdbproto=https  "
        "organization=o  bucket=b  token=hunter2"},
       {"GET",
        path,
        "",
        200,
        R"({"type":"influxdb","server":"db.example.com","port":8086,"influxdbproto":"https",)"
        R"("organization":"o","bucket":"b"})"},
       {"GET",
        "/cluster/metrics/server",
        "",
        200,
        R"([{"id":"flux","type":"influxdb","server":"db.example.com","port":8086,"disable":0}])"},
       {"POST",
        path,
        "type=graphite  server=a  port=1",
        500,
        "Metric server 'flux' already exists"},
       {"PUT",
        path,
        "server=down.example.com  port=8086",
        500,
        "can't connect to 'down.example.com:8086' - Connection refused"},
       {"PUT",
        path,
        "server=db.example.com",
        400,
        "port| property is missing and it is not optional"},
       {"PUT", path, "server=db.example.com  port=8087  path=x", 500, "unexpected property 'path'"},
       {"PUT", path, "server=down.example.com  port=8087  disable=1"},
       {"PUT", "/cluster/metrics/server/nope", "server=a  port=1", 500, "no such server 'nope'"},
       {"DELETE", path},
       {"GET", path, "", 500, "status server entry 'flux' does not exist"}});
}

TEST_CASE("replication needs another node and disks that can be sent") {
  Testbed bed(with_second_node());
  bed.make_container(100, {{"rootfs", "tank:1"}});
  bed.make_container(101);
  const std::string jobs = "/cluster/replication";
  const std::string form = "type=local  target=pve2  ";
  replay(
      bed,
      {{"POST", jobs, form + "id=100-0  schedule=*/30  comment=c"},
       {"POST", jobs, form + "id=100-0", 500, "replication job '100-0' already exists"},
       {"POST",
        jobs,
        form + "id=100-1",
        500,
        "replication job for guest '100' to target 'pve2' already exists"},
       {"POST", jobs, form + "id=999-0", 500, "guest '999' does not exist"},
       {"POST", jobs, form + "id=101-0", 500, "missing replicate feature on volume of the guest"},
       {"POST", jobs, "type=local  target=pve9  id=101-0", 500, "no such cluster node 'pve9'"},
       {"GET",
        jobs + "/100-0",
        "",
        200,
        R"({"id":"100-0","type":"local","guest":100,"jobnum":0,"target":"pve2","source":"pve",)"
        R"("schedule":"*/30","comment":"c"})"},
       {"PUT", jobs + "/100-0", "delete=comment  disable=1"},
       {"PUT", jobs + "/100-0", "delete=target", 500, "unable to delete required option 'target'"},
       {"PUT", jobs + "/100-9", "disable=1", 500, "no such replication job '100-9'"},
       {"DELETE",
        "./lxc/100",
        "",
        500,
        "There is a replication job '100-0' for guest '100' - Please remove that first."}});
  CHECK(bed.data(jobs)[0]["disable"] == 1);
  replay(bed,
         {{"DELETE", jobs + "/100-0"},
          {"GET", jobs, "", 200, "[]"},
          {"DELETE", "./lxc/100", "", 200, "task OK"}});
}

TEST_CASE("groups of nodes are kept while a service uses them") {
  Testbed bed(with_second_node());
  bed.make_container(100);
  const std::string groups = "/cluster/ha/groups";
  const std::string resources = "/cluster/ha/resources";
  replay(
      bed,
      {{"POST", groups, "group=near  nodes=pve:2,pve2  restricted=1"},
       {"POST", groups, "group=near  nodes=pve", 500, "ha group ID 'near' already defined"},
       {"GET",
        groups + "/near",
        "",
        200,
        R"({"group":"near","type":"group","nodes":"pve:2,pve2","restricted":1})"},
       {"PUT", groups + "/near", "comment=c  delete=restricted"},
       {"PUT", groups + "/near", "delete=nodes", 500, "unable to delete required option 'nodes'"},
       {"PUT", groups + "/far", "comment=c", 500, "no such ha group 'far'"},
       {"POST", resources, "sid=100  group=far", 500, "HA group 'far' does not exist"},
       {"POST", resources, "sid=100  group=near  state=stopped  max_restart=2"},
       {"GET",
        resources + "/ct:100",
        "",
        200,
        R"({"sid":"ct:100","type":"ct","group":"near","state":"stopped","max_restart":2})"},
       {"DELETE", groups + "/near", "", 500, "ha group is used by service 'ct:100'"},
       {"POST", resources, "sid=ct:100", 500, "resource ID 'ct:100' already defined"},
       {"POST", resources, "sid=ct:999", 500, "resource 'ct:999' does not exist in cluster"},
       {"PUT", resources + "/100", "delete=group"},
       {"DELETE", groups + "/near"},
       {"DELETE", resources + "/ct:100"},
       {"GET", resources + "/ct:100", "", 500, "no such resource 'ct:100'"},
       {"DELETE",
        resources + "/ct:100",
        "",
        500,
        "cannot delete service 'ct:100', not HA managed!"}});
}

TEST_CASE("a managed container is switched by the manager, which follows what is wanted") {
  Testbed bed(with_second_node());
  bed.make_container(100);
  const std::string resource = "/cluster/ha/resources/ct:100";
  replay(bed, {{"POST", "/cluster/ha/resources", "sid=ct:100  state=started"}});
  CHECK(status_of(bed, 100) == "running");
  CHECK(get(bed.data("/nodes/pve/lxc/100/status/current"), "ha")["managed"] == 1);
  const simulator::Response stopped = bed.post("/nodes/pve/lxc/100/status/stop");
  CHECK(text_or(body_of(stopped), "data").find(":hastop:100:") != std::string::npos);
  CHECK(status_of(bed, 100) == "stopped");
  CHECK(bed.data(resource)["state"] == "stopped");
  CHECK(bed.exit_status(bed.post("/nodes/pve/lxc/100/status/start")) == "OK");
  CHECK(bed.data(resource)["state"] == "started");
  replay(bed, {{"PUT", resource, "state=stopped"}});
  CHECK(status_of(bed, 100) == "stopped");
  replay(bed,
         {{"DELETE",
           "./lxc/100",
           "",
           500,
           "unable to remove CT 100 - used in HA resources and purge parameter not set."},
          {"DELETE", "./lxc/100", "purge=1", 200, "task OK"},
          {"GET", "/cluster/ha/resources", "", 200, "[]"}});
}

}  // namespace aegis::test
