#include <catch2/catch.hpp>
#include <filesystem>
#include <functional>

#include "base/text.h"
#include "engine_lab.h"
#include "kinds/docker/api.h"

using namespace aegis;
using namespace aegis::docker;

namespace {

/// An attribute of a service: its spec, another value for it, the paths that a plan must show for
/// the change and for its removal, and the minor version of the API that has it.
struct Example {
  std::string name;
  Json first;
  Json second;
  std::vector<std::string> changed;
  int since = 41;
};

Json base() {
  return {{"image", "demo:1"},
          {"command", {"sleep", "1000"}},
          {"stop_grace_period", 0},
          {"init", true}};
}

Json after(const std::string& service) {
  return {{service, {{"condition", "service_started"}}}};
}

/// Some disk of this machine: the kernel limits no other devices.
std::string block_device() {
  for (const auto& entry : std::filesystem::directory_iterator("/dev")) {
    if (entry.is_block_file()) return entry.path().string();
  }
  FAIL("there is no block device in /dev");
  return "";
}

Json stack_of(const Json& services) {
  return {{"services", services},
          {"networks",
           {{"default", Json::object()},
            {"back", {{"ipam", {{"config", {{{"subnet", "10.99.0.0/24"}}}}}}}}}},
          {"volumes", {{"data", Json::object()}, {"more", Json::object()}}}};
}

Json healthcheck_with_start_interval(std::int64_t interval) {
  return {{"healthcheck",
           {{"test", {"CMD", "true"}},
            {"interval", 300'000'000},
            {"start_period", 1'000'000'000},
            {"start_interval", interval}}}};
}

Json image_mount(const std::string& folder) {
  return {{"volumes",
           {{{"type", "image"},
             {"source", "plain:1"},
             {"target", "/tools"},
             {"image", {{"subpath", folder}}}}}}};
}

Json in_back(const Json& settings) {
  return {{"networks", {{"default", Json::object()}, {"back", settings}}}};
}

const std::vector<Example>& all_examples() {
  static const std::vector<Example> k_examples{
      {"command", {{"command", {"sleep", "2000"}}}, {{"command", {"sleep", "3000"}}}, {"command"}},
      {"entrypoint",
       {{"entrypoint", {"sleep"}}, {"command", {"1000"}}},
       {{"entrypoint", {"/bin/sleep"}}, {"command", {"1000"}}},
       {"entrypoint"}},
      {"environment",
       {{"environment", {{"A", "1"}, {"FROM_IMAGE", "own"}}}},
       {{"environment", {{"A", "2"}, {"FROM_IMAGE", "own"}}}},
       {"environment.A"}},
      {"environment unset",
       {{"environment", {{"FROM_IMAGE", nullptr}}}},
       {{"environment", {{"FROM_IMAGE", "x"}}}},
       {"environment.FROM_IMAGE"}},
      {"ports",
       {{"ports",
         {{{"target", 80}, {"published", "8080"}, {"host_ip", "127.0.0.1"}, {"protocol", "tcp"}}}}},
       {{"ports", {{{"target", 80}, {"published", "8081"}, {"protocol", "tcp"}}}}},
       {"ports"}},
      {"expose", {{"expose", {"90/tcp"}}}, {{"expose", {"91/udp"}}}, {"expose"}},
      {"labels",
       {{"labels", {{"a.b", "1"}, {"image.label", "own"}}}},
       {{"labels", {{"a.b", "2"}, {"image.label", "own"}}}},
       {"labels.a.b"}},
      {"user", {{"user", "1000:1000"}}, {{"user", "1001"}}, {"user"}},
      {"working_dir", {{"working_dir", "/tmp"}}, {{"working_dir", "/etc/"}}, {"working_dir"}},
      {"hostname", {{"hostname", "one"}}, {{"hostname", "two"}}, {"hostname"}},
      {"domainname", {{"domainname", "one.test"}}, {{"domainname", "two.test"}}, {"domainname"}},
      {"tty", {{"tty", true}}, {{"tty", false}}, {"tty"}},
      {"stdin_open", {{"stdin_open", true}}, {{"stdin_open", false}}, {"stdin_open"}},
      {"stop_signal", {{"stop_signal", "SIGINT"}}, {{"stop_signal", "SIGKILL"}}, {"stop_signal"}},
      {"stop_grace_period",
       {{"stop_grace_period", 2'000'000'000}},
       {{"stop_grace_period", 3'000'000'000}},
       {"stop_grace_period"}},
      {"healthcheck",
       {{"healthcheck", {{"test", {"CMD", "true"}}, {"interval", 300'000'000}, {"retries", 2}}}},
       {{"healthcheck", {{"test", {"CMD", "true"}}, {"interval", 200'000'000}, {"retries", 2}}}},
       {"healthcheck.interval"}},
      {"volumes",
       {{"volumes", {{{"type", "volume"}, {"source", "data"}, {"target", "/var/data"}}}}},
       {{"volumes",
         {{{"type", "volume"}, {"source", "data"}, {"target", "/var/data"}, {"read_only", true}}}}},
       {"volumes./var/data.read_only"}},
      {"volume source",
       {{"volumes",
         {{{"type", "volume"},
           {"source", "data"},
           {"target", "/d"},
           {"volume", {{"nocopy", true}}}}}}},
       {{"volumes",
         {{{"type", "volume"},
           {"source", "more"},
           {"target", "/d"},
           {"volume", {{"nocopy", true}}}}}}},
       {"volumes./d.source"}},
      {"binds",
       {{"volumes",
         {{{"type", "bind"}, {"source", "/tmp"}, {"target", "/host"}, {"read_only", true}}}}},
       {{"volumes",
         {{{"type", "bind"}, {"source", "/etc"}, {"target", "/host"}, {"read_only", true}}}}},
       {"volumes./host.source"}},
      {"strict bind",
       {{"volumes",
         {{{"type", "bind"},
           {"source", "/usr"},
           {"target", "/host"},
           {"bind", {{"create_host_path", false}, {"propagation", "private"}}}}}}},
       {{"volumes",
         {{{"type", "bind"},
           {"source", "/usr"},
           {"target", "/host"},
           {"bind", {{"create_host_path", false}}}}}}},
       {"volumes./host.propagation"}},
      {"anonymous volume",
       {{"volumes", {{{"type", "volume"}, {"target", "/scratch"}}}}},
       {{"volumes", {{{"type", "volume"}, {"target", "/scratch2"}}}}},
       {"volumes./scratch.type", "volumes./scratch2.type"}},
      {"tmpfs mount",
       {{"volumes",
         {{{"type", "tmpfs"}, {"target", "/ram"}, {"tmpfs", {{"size", 1048576}, {"mode", 448}}}}}}},
       {{"volumes",
         {{{"type", "tmpfs"}, {"target", "/ram"}, {"tmpfs", {{"size", 2097152}, {"mode", 448}}}}}}},
       {"volumes./ram.size"}},
      {"tmpfs",
       {{"tmpfs", {{"/run", "size=1m"}}}},
       {{"tmpfs", {{"/run", "size=2m"}}}},
       {"tmpfs./run"}},
      {"networks",
       {{"networks",
         {{"default", Json::object()},
          {"back", {{"ipv4_address", "10.99.0.10"}, {"aliases", {"db"}}}}}}},
       {{"networks",
         {{"default", Json::object()},
          {"back", {{"ipv4_address", "10.99.0.11"}, {"aliases", {"db"}}}}}}},
       {"networks.back.ipv4_address"}},
      {"network_mode", {{"network_mode", "none"}}, {{"network_mode", "bridge"}}, {"network_mode"}},
      {"host network", {{"network_mode", "host"}}, {{"network_mode", "none"}}, {"network_mode"}},
      {"restart", {{"restart", "always"}}, {{"restart", "on-failure:3"}}, {"restart"}},
      {"mem_limit", {{"mem_limit", 67108864}}, {{"mem_limit", 134217728}}, {"mem_limit"}},
      {"mem_reservation",
       {{"mem_limit", 134217728}, {"mem_reservation", 33554432}},
       {{"mem_limit", 134217728}, {"mem_reservation", 67108864}},
       {"mem_reservation"}},
      {"cpus", {{"cpus", 0.5}}, {{"cpus", 1.25}}, {"cpus"}},
      {"cpu_shares", {{"cpu_shares", 512}}, {{"cpu_shares", 256}}, {"cpu_shares"}},
      {"cpuset", {{"cpuset", "0"}}, {{"cpuset", "0-1"}}, {"cpuset"}},
      {"pids_limit", {{"pids_limit", 50}}, {{"pids_limit", 60}}, {"pids_limit"}},
      {"cap_add",
       {{"cap_add", {"NET_ADMIN"}}},
       {{"cap_add", {"net_admin", "CAP_SYS_TIME"}}},
       {"cap_add"}},
      {"cap_drop", {{"cap_drop", {"ALL"}}}, {{"cap_drop", {"CHOWN"}}}, {"cap_drop"}},
      {"security_opt",
       {{"security_opt", {"no-new-privileges:true"}}},
       {{"security_opt", {"seccomp=unconfined"}}},
       {"security_opt"}},
      {"group_add", {{"group_add", {"100"}}}, {{"group_add", {"101"}}}, {"group_add"}},
      {"devices",
       {{"devices", {{{"source", "/dev/null"}, {"target", "/dev/one"}}}}},
       {{"devices", {{{"source", "/dev/null"}, {"target", "/dev/two"}, {"permissions", "r"}}}}},
       {"devices"}},
      {"extra_hosts",
       {{"extra_hosts", {"a:10.0.0.1"}}},
       {{"extra_hosts", {"a:10.0.0.2"}}},
       {"extra_hosts"}},
      {"dns", {{"dns", {"9.9.9.9", "1.1.1.1"}}}, {{"dns", {"1.1.1.1", "9.9.9.9"}}}, {"dns"}},
      {"dns_search",
       {{"dns_search", {"one.test"}}},
       {{"dns_search", {"two.test"}}},
       {"dns_search"}},
      {"logging",
       {{"logging", {{"driver", "json-file"}, {"options", {{"max-size", "1m"}}}}}},
       {{"logging", {{"driver", "json-file"}, {"options", {{"max-size", "2m"}}}}}},
       {"logging.options.max-size"}},
      {"sysctls",
       {{"sysctls", {{"net.core.somaxconn", "1024"}}}},
       {{"sysctls", {{"net.core.somaxconn", "2048"}}}},
       {"sysctls.net.core.somaxconn"}},
      {"ulimits",
       {{"ulimits", {{"nofile", {{"soft", 1000}, {"hard", 2000}}}}}},
       {{"ulimits", {{"nofile", {{"soft", 1000}, {"hard", 3000}}}}}},
       {"ulimits.nofile.hard"}},
      {"shm_size", {{"shm_size", 33554432}}, {{"shm_size", 16777216}}, {"shm_size"}},
      {"read_only", {{"read_only", true}}, {{"read_only", false}}, {"read_only"}},
      {"pid", {{"pid", "host"}}, {{"pid", ""}}, {"pid"}},
      {"ipc", {{"ipc", "host"}}, {{"ipc", "shareable"}}, {"ipc"}},
      {"uts", {{"uts", "host"}}, {{"uts", ""}}, {"uts"}},
      {"userns_mode", {{"userns_mode", "host"}}, {{"userns_mode", ""}}, {"userns_mode"}},
      {"cgroup", {{"cgroup", "private"}}, {{"cgroup", "host"}}, {"cgroup"}},
      {"cgroup_parent",
       {{"cgroup_parent", "/aegis-one"}},
       {{"cgroup_parent", "/aegis-two"}},
       {"cgroup_parent"}},
      {"runtime", {{"runtime", "runc"}}, {{"runtime", "io.containerd.runc.v2"}}, {"runtime"}},
      {"oom_kill_disable",
       {{"mem_limit", 67108864}, {"oom_kill_disable", true}},
       {{"mem_limit", 67108864}},
       {"oom_kill_disable"}},
      {"oom_score_adj", {{"oom_score_adj", 100}}, {{"oom_score_adj", 200}}, {"oom_score_adj"}},
      {"mem_swappiness", {{"mem_swappiness", 0}}, {{"mem_swappiness", 50}}, {"mem_swappiness"}},
      {"cpu_period",
       {{"cpu_period", 50000}, {"cpu_quota", 25000}},
       {{"cpu_period", 60000}, {"cpu_quota", 25000}},
       {"cpu_period"}},
      {"cpu_quota", {{"cpu_quota", 25000}}, {{"cpu_quota", 35000}}, {"cpu_quota"}},
      {"device_cgroup_rules",
       {{"device_cgroup_rules", {"c 1:3 rwm"}}},
       {{"device_cgroup_rules", {"c 1:3 rwm", "c 1:5 r"}}},
       {"device_cgroup_rules"}},
      {"blkio_config",
       {{"blkio_config",
         {{"weight", 300}, {"device_read_bps", {{{"path", block_device()}, {"rate", 1048576}}}}}}},
       {{"blkio_config",
         {{"weight", 300}, {"device_read_bps", {{{"path", block_device()}, {"rate", 2097152}}}}}}},
       {"blkio_config.device_read_bps." + block_device()}},
      {"mac_address",
       {{"mac_address", "02:42:ac:11:00:42"}},
       {{"mac_address", "02:42:ac:11:00:43"}},
       {"networks.default.mac_address"}},
      {"mac_address on the bridge",
       {{"network_mode", "bridge"}, {"mac_address", "02:42:ac:11:00:44"}},
       {{"network_mode", "bridge"}, {"mac_address", "02:42:ac:11:00:45"}},
       {"mac_address"}},
      {"driver_opts of a network",
       {{"networks", {{"default", {{"driver_opts", {{"com.example.a", "1"}}}}}}}},
       {{"networks", {{"default", {{"driver_opts", {{"com.example.a", "2"}}}}}}}},
       {"networks.default.driver_opts.com.example.a"}},
      {"link_local_ips",
       {{"networks", {{"default", {{"link_local_ips", {"169.254.8.8"}}}}}}},
       {{"networks", {{"default", {{"link_local_ips", {"169.254.8.9"}}}}}}},
       {"networks.default.link_local_ips"}},
      {"links",
       {{"links", {"s100:one"}}, {"depends_on", after("s100")}},
       {{"links", {"s100:two"}}, {"depends_on", after("s100")}},
       {"networks.default.links"}},
      {"external_links",
       {{"external_links", {"demo-s100-1:one"}}, {"depends_on", after("s100")}},
       {{"external_links", {"demo-s100-1:two"}}, {"depends_on", after("s100")}},
       {"networks.default.links"}},
      {"shared network",
       {{"network_mode", "service:s101"}, {"depends_on", after("s101")}},
       {{"network_mode", "none"}},
       {"network_mode"}},
      {"shared processes",
       {{"pid", "service:s102"}, {"depends_on", after("s102")}},
       {{"pid", "host"}},
       {"pid"}},
      {"volumes_from",
       {{"volumes_from", {"s102:ro"}}, {"depends_on", after("s102")}},
       {{"volumes_from", {"s102:rw"}}, {"depends_on", after("s102")}},
       {"volumes_from"}},
      {"labels of a volume mount, and what is below a bind",
       {{"volumes",
         {{{"type", "bind"},
           {"source", "/usr"},
           {"target", "/host"},
           {"bind", {{"recursive", "disabled"}}}},
          {{"type", "volume"},
           {"source", "data"},
           {"target", "/d"},
           {"volume", {{"labels", {{"a", "b"}}}}}}}}},
       {{"volumes",
         {{{"type", "bind"}, {"source", "/usr"}, {"target", "/host"}},
          {{"type", "volume"}, {"source", "data"}, {"target", "/d"}}}}},
       {"volumes./host.recursive"}},
      {"container_name",
       {{"container_name", "one"}},
       {{"container_name", "two"}},
       {"container_name"}},
      {"mac_address of a second network",
       in_back({{"mac_address", "02:42:ac:11:00:52"}}),
       in_back({{"mac_address", "02:42:ac:11:00:53"}}),
       {"networks.back.mac_address"}},
      {"a volume for SELinux",
       {{"volumes",
         {{{"type", "volume"},
           {"source", "data"},
           {"target", "/d"},
           {"bind", {{"selinux", "z"}}}}}}},
       {{"volumes", {{{"type", "volume"}, {"source", "data"}, {"target", "/d"}}}}},
       {"volumes./d.selinux"}},
      {"annotations",
       {{"annotations", {{"com.example.a", "1"}}}},
       {{"annotations", {{"com.example.a", "2"}}}},
       {"annotations.com.example.a"},
       43},
      {"healthcheck.start_interval",
       healthcheck_with_start_interval(100'000'000),
       healthcheck_with_start_interval(200'000'000),
       {"healthcheck.start_interval"},
       44},
      {"a read-only bind whose sub-mounts are writable",
       {{"volumes",
         {{{"type", "bind"},
           {"source", "/usr"},
           {"target", "/host"},
           {"read_only", true},
           {"bind", {{"recursive", "writable"}}}}}}},
       {{"volumes",
         {{{"type", "bind"}, {"source", "/usr"}, {"target", "/host"}, {"read_only", true}}}}},
       {"volumes./host.recursive"},
       44},
      {"gw_priority",
       in_back({{"gw_priority", 1}}),
       in_back({{"gw_priority", 2}}),
       {"networks.back.gw_priority"},
       48},
      {"an image as a mount",
       image_mount("bin"),
       image_mount("etc"),
       {"volumes./tools.subpath"},
       48},
      {"interface_name",
       in_back({{"interface_name", "wide0"}}),
       in_back({{"interface_name", "wide1"}}),
       {"networks.back.interface_name"},
       49}};
  return k_examples;
}

/// Those that the engine of this run can be asked for.
const std::vector<Example>& examples() {
  static const std::vector<Example> k_examples = [] {
    const auto api = parse_api_version(
        trim(engine().run({"docker", "version", "--format", "{{.Server.APIVersion}}"})));
    std::vector<Example> usable = all_examples();
    std::erase_if(usable, [&](const Example& example) { return api->minor < example.since; });
    return usable;
  }();
  return k_examples;
}

std::string service_name(std::size_t index) {
  return "s" + std::to_string(100 + index);
}

/// A stack with one service for each example; `part` tells what it has besides the base.
Json all_with(const std::function<Json(const Example&)>& part) {
  Json services = Json::object();
  for (std::size_t i = 0; i < examples().size(); ++i) {
    Json service = base();
    service.update(part(examples()[i]));
    services[service_name(i)] = service;
  }
  return stack_of(services);
}

/// The paths that a plan changes of each example's service.
std::vector<std::string> changed_of(const Plan& plan, std::size_t index) {
  std::vector<std::string> paths;
  for (const Change& change : plan.changes) {
    if (change.address.name != service_name(index)) continue;
    for (const AttributeChange& attribute : change.attributes) paths.push_back(attribute.path);
  }
  return paths;
}

}  // namespace

TEST_CASE("every attribute of a service is set, found equal, changed alone, and taken away") {
  Lab lab;
  const Json none = all_with([](const Example&) { return Json::object(); });
  const Json second = all_with([](const Example& example) { return example.second; });
  const Json first = all_with([](const Example& example) { return example.first; });

  lab.rig.converge(second);
  CHECK(differences(lab.rig.plan(second)) == std::vector<std::string>{});

  const Plan change = lab.rig.converge(first);
  for (std::size_t i = 0; i < examples().size(); ++i) {
    INFO(examples()[i].name);
    CHECK(changed_of(change, i) == examples()[i].changed);
  }
  CHECK(differences(lab.rig.plan(first)) == std::vector<std::string>{});

  lab.rig.converge(none);
  CHECK(differences(lab.rig.plan(none)) == std::vector<std::string>{});
}
